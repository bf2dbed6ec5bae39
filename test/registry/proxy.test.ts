import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { proxyFor, readProxySettings } from '../../src/registry/proxy.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

afterEach(() => vi.unstubAllEnvs());

const PROXIES = { http: 'http://p:1', https: 'p:2' };

describe('a proxy', () => {
  test.each([
    ['https://r.example/v2/', '', 'http://p:2'],
    ['http://r.example/v2/', '', 'http://p:1'],
    ['http://127.0.0.1:5000/', '', null],
    ['http://[::1]:5000/', '', null],
    ['http://localhost:5000/', '', null],
    ['https://r.example/', '*', null],
    ['https://r.example/', 'example', null],
    ['https://r.example/', 'other.example, r.example', null],
    ['https://a.r.example/', '.r.example', null],
    ['https://r.example/', '.r.example', 'http://p:2'],
    ['https://a.r.example/', '*.r.example', null],
    ['https://notr.example/', 'r.example', 'http://p:2'],
    ['https://r.example/', 'r.example:443', null],
    ['https://r.example:5000/', 'r.example:443', 'http://p:2'],
    ['https://10.1.2.3/', '10.0.0.0/8', null],
    ['https://11.1.2.3/', '10.0.0.0/8', 'http://p:2'],
    ['https://[fd00::1]/', 'fd00::/8', null],
    ['https://[fd00::1]/', 'fd00::1', null],
    ['https://10.1.2.3/', '10.0.0.0/99', 'http://p:2'],
  ])('for %s, not for %j: %s', (url, no, expected) => {
    expect(proxyFor(new URL(url), { ...PROXIES, no })).toBe(expected);
  });

  test('is none where none is set', () => {
    expect(proxyFor(new URL('https://r.example'), { http: '', https: '', no: '' })).toBeNull();
  });

  test("is the environment's, else Docker's", async () => {
    await using directory = await temporaryDirectory();
    vi.stubEnv('DOCKER_CONFIG', directory.path);
    expect(await readProxySettings({})).toEqual({ http: '', https: '', no: '' });
    const proxies = { default: { httpProxy: 'http://d:1', httpsProxy: 'http://d:2', noProxy: 'x' } };
    await writeFile(join(directory.path, 'config.json'), JSON.stringify({ proxies }));
    expect(await readProxySettings({ https_proxy: 'http://e:2', NO_PROXY: '' })).toEqual({
      http: 'http://d:1',
      https: 'http://e:2',
      no: '',
    });
  });
});
