import { afterEach, expect, test, vi } from 'vitest';
import { connectEngine } from '../../src/engine/connect.ts';
import { type LocalServer, localServer } from '../support/local-server.ts';
import { fakeEngine, sendJson } from './fake-engine.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

const use = ({ port }: LocalServer) => vi.stubEnv('DOCKER_HOST', `tcp://127.0.0.1:${port}`);

test('an engine that accepts and never answers is absent', async () => {
  await using server = await localServer(() => undefined);
  use(server);
  await expect(connectEngine(undefined, { limitMs: 50 })).rejects.toMatchObject({
    code: 'engine-absent',
    message: expect.stringMatching(
      /^cannot reach a container engine at .*: it did not answer within 0.05 seconds$/,
    ),
  });
});

test('an abort ends the wait for an engine, with its reason', async () => {
  const interrupt = new AbortController();
  await using server = await localServer(() => interrupt.abort(new Error('interrupted')));
  use(server);
  await expect(connectEngine(interrupt.signal)).rejects.toThrow('interrupted');
  await expect(connectEngine(interrupt.signal)).rejects.toThrow('interrupted');
});

test.each([
  ['that is older than 20.10 is refused', { Version: '19.03.1', ApiVersion: '1.40' }, 200, 'engine-refused'],
  ['that answers with an error is refused', { message: 'broken' }, 500, 'engine-refused'],
])('an engine %s', async (_, answer, status, code) => {
  await using engine = await fakeEngine((_, response) => sendJson(response, answer, status));
  use(engine);
  await expect(connectEngine()).rejects.toMatchObject({ code });
});
