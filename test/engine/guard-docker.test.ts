import { expect, test, vi } from 'vitest';
import { guardDocker } from '../../src/engine/guard-docker.ts';
import { type EngineLimits, watchHealth } from '../../src/engine/health.ts';
import { disposeAll } from '../../src/shared/dispose-all.ts';
import { type FakeEngine, fakeEngine, sendJson } from './fake-engine.ts';

const LIMITS: EngineLimits = { answerMs: 20_000, pingAfterMs: 40, pingMs: 60, graceMs: 50, lostMs: 50 };

const never = () => new Promise<never>(() => undefined);

/** A border in front of a fake engine whose ping is the test's. */
function guarded(
  engine: FakeEngine,
  { ping = async () => undefined as unknown, limits = LIMITS, signal = new AbortController().signal } = {},
) {
  const onFault = vi.fn();
  const silent = (within: AbortSignal) =>
    Promise.race([
      ping(),
      new Promise((_, reject) => within.addEventListener('abort', () => reject(within.reason))),
    ]);
  const docker = guardDocker(engine.docker, { health: watchHealth(silent, limits), limits, signal, onFault });
  return { docker, onFault };
}

test('an engine that is silent while a request waits has gone', async () => {
  await using engine = await fakeEngine(() => undefined);
  const { docker, onFault } = guarded(engine, { ping: never });
  await expect(docker.getContainer('a').wait()).rejects.toMatchObject({
    code: 'engine-absent',
    message: expect.stringContaining('it has not answered for 0.1 seconds'),
  });
  expect(onFault).toHaveBeenCalledOnce();
});

test('a request that is answered at once has a limit, also where the engine still answers others', async () => {
  await using engine = await fakeEngine(() => undefined);
  const { docker } = guarded(engine, { limits: { ...LIMITS, answerMs: 80 } });
  await expect(docker.getContainer('a').inspect()).rejects.toMatchObject({ code: 'engine-absent' });
});

test('a request lasts no longer than a moment after its run was interrupted', async () => {
  await using engine = await fakeEngine(() => undefined);
  const interrupt = new AbortController();
  const { docker } = guarded(engine, { signal: interrupt.signal });
  setTimeout(() => interrupt.abort(new Error('interrupted')), 20);
  await expect(docker.getContainer('a').wait()).rejects.toThrow('interrupted');
});

test('an answer that is no JSON is no answer', async () => {
  await using engine = await fakeEngine((_, response) => response.end('<html>'));
  const { docker } = guarded(engine);
  await expect(docker.getContainer('a').inspect()).rejects.toMatchObject({ code: 'engine-refused' });
});

test('a no says what was asked, and why not; a full disk of the engine is disk-full', async () => {
  await using engine = await fakeEngine((_, response) =>
    sendJson(response, { message: 'no space left on device' }, 500),
  );
  const { docker } = guarded(engine);
  await expect(docker.getContainer('a').start()).rejects.toMatchObject({
    code: 'disk-full',
    statusCode: 500,
    message: expect.stringMatching(/^cannot POST \/containers\/a\/start at .*no space left/),
  });
});

test('a disposal that hangs is waited for no longer than its limit, and keeps none of the others', async () => {
  const other = vi.fn(async () => undefined);
  const things = [{ [Symbol.asyncDispose]: never }, { [Symbol.asyncDispose]: other }];
  await expect(disposeAll(things, { limitMs: 50 })).rejects.toMatchObject({ code: 'timeout' });
  expect(other).toHaveBeenCalledOnce();
});
