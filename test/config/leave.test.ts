import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { loadConfig } from '../../src/config/load-config.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../support/temporary-directory.ts';

let top: TemporaryDirectory;
beforeEach(async () => {
  top = await temporaryDirectory();
  await mkdir(join(top.path, 'app'));
  vi.stubEnv('KRAFT_SLIM_SECRET_ENV', 'TOKEN');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await top[Symbol.asyncDispose]();
});

async function load(yaml: string, untrusted: boolean) {
  await writeFile(join(top.path, 'kraft-slim.yaml'), yaml);
  await writeFile(join(top.path, 'token'), 's');
  return await loadConfig({ entryDirectory: join(top.path, 'app'), catalogRoot: top.path, untrusted });
}

describe('an untrusted entry may not ask for', () => {
  test.each([
    ['build: {network: host}', 'build.network: host'],
    ['build: {secrets: [{id: t, env: TOKEN}]}', 'build.secrets'],
    ['build: {secrets: [{id: t, env: OTHER}]}', 'build.secrets'],
    ['build: {secrets: [{id: t, file: token}]}', 'build.secrets'],
    ['workload: {network: bridge}', 'workload.network: bridge'],
    ['entries: {"*": {build: {network: host}}}', 'build.network: host'],
  ])('%s', async (yaml, key) => {
    await expect(load(yaml, true)).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringContaining(key),
      hint: expect.stringContaining(`remove ${key.split(':')[0]} `),
    });
    if (!yaml.includes('OTHER')) await expect(load(yaml, false)).resolves.toBeDefined();
  });
});

test('the build of an untrusted entry that names no network stays on the default network', async () => {
  expect((await load('build: {args: {A: b}}', true)).build).toMatchObject({
    network: 'default',
    args: { A: 'b' },
  });
  expect((await load('build: {args: {A: b}}', false)).build.network).toBeUndefined();
  expect((await load('workload: {network: none}', true)).workload.network).toBe('none');
});

test.each(['build: {args: [TOKEN]}', 'build: {args: {TOKEN: }}'])(
  'no build argument takes its value from the environment: %s',
  async (yaml) => {
    for (const untrusted of [true, false])
      await expect(load(yaml, untrusted)).rejects.toMatchObject({ code: 'config-invalid' });
  },
);
