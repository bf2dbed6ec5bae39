import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { connectEngine } from '../../src/engine/connect.ts';
import { pullImage } from '../../src/engine/pull-image.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../support/temporary-directory.ts';
import { fakeEngine, sendJson } from './fake-engine.ts';

let directory: TemporaryDirectory;

beforeEach(async () => {
  directory = await temporaryDirectory();
  vi.stubEnv('DOCKER_CONFIG', directory.path);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await directory[Symbol.asyncDispose]();
});

const signal = AbortSignal.timeout(30_000);
const REQUEST = { reference: 'r.example/app:1', host: 'r.example', signal };

describe('an image is pulled', () => {
  test("with the docker client's login, for the one platform", async () => {
    const auths = { 'r.example': { auth: Buffer.from('me:pw').toString('base64') } };
    await writeFile(join(directory.path, 'config.json'), JSON.stringify({ auths }));
    const seen: { url: string; auth: unknown }[] = [];
    await using engine = await fakeEngine((request, response) => {
      const header = String(request.headers['x-registry-auth']);
      seen.push({ url: request.url ?? '', auth: JSON.parse(Buffer.from(header, 'base64url').toString()) });
      response.end(
        '{"status":"Pulling from app","id":"1"}\n{"status":"Downloading","id":"ab"}\n{"status":"Done"}',
      );
    });
    const said: string[] = [];
    await pullImage(engine.docker, { ...REQUEST, onLog: (line) => said.push(line) });
    expect(said).toEqual(['1: Pulling from app', 'Done']);
    expect(seen[0]?.auth).toEqual({ username: 'me', password: 'pw', serveraddress: 'r.example' });
    const query = new URL(seen[0]?.url ?? '', 'http://x').searchParams;
    expect(Object.fromEntries(query)).toEqual({
      fromImage: 'r.example/app',
      tag: '1',
      platform: 'linux/amd64',
    });
  });

  test.each([
    ['manifest for r.example/app:1 not found', 'image-not-found'],
    ['pull access denied for app, repository does not exist', 'registry-denied'],
    ['toomanyrequests: You have reached your pull rate limit', 'rate-limited'],
    ['dial tcp 127.0.0.1:1: connect: connection refused', 'registry-unreachable'],
    ['received unexpected HTTP status: 500', 'registry-failed'],
  ])('or the reason is reported: %s', async (message, code) => {
    await using early = await fakeEngine((_, response) => sendJson(response, { message }, 500));
    await expect(pullImage(early.docker, REQUEST)).rejects.toMatchObject({ code });
    await using late = await fakeEngine((_, response) => sendJson(response, { error: message }));
    await expect(pullImage(late.docker, REQUEST)).rejects.toMatchObject({
      code,
      message: `cannot pull r.example/app:1: ${message}`,
    });
  });
});

test('the settings of an engine about registries are read from it', async () => {
  await using server = await fakeEngine((request, response) => {
    if (request.url?.endsWith('/version'))
      return sendJson(response, { Version: '20.10.24', ApiVersion: '1.41' });
    const IndexConfigs = {
      'docker.io': { Name: 'docker.io', Secure: true },
      'r.example:5000': { Name: 'r.example:5000', Secure: false },
    };
    const config = { Mirrors: ['https://m.example/'], InsecureRegistryCIDRs: ['127.0.0.0/8'], IndexConfigs };
    return sendJson(response, { RegistryConfig: config });
  });
  vi.stubEnv('DOCKER_HOST', `tcp://127.0.0.1:${server.port}`);
  const engine = await connectEngine();
  expect(await engine.registrySettings()).toEqual({
    mirrors: ['https://m.example/'],
    insecure: ['r.example:5000', '127.0.0.0/8'],
  });
});
