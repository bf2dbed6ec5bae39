import { describe, expect, test } from 'vitest';
import type { Container, Engine, ImageConfig, ImageId } from '../../src/engine/engine.ts';
import { runLaunch } from '../../src/workload/run-launch.ts';
import { DEFAULT_LIMITS, type Workload } from '../../src/workload/workload.ts';

const SERVER: Workload = { source: 'readme', ports: [80], probes: [], limits: DEFAULT_LIMITS };
const LISTENING = '0: 00000000:0050 00000000:0000 0A';
const RUNNING = { running: true, exitCode: 0, outOfMemory: false };
const never = new Promise<never>(() => undefined);

/** An engine with one app and its sidecar; what they do beside the usual is given. */
function engineOf(app: Partial<Container>, sidecar: Partial<Container> = {}): Engine {
  const usual: Partial<Container> = {
    attach: async () => ({ ended: Promise.resolve() }),
    start: async () => undefined,
    wait: () => never,
    state: async () => RUNNING,
    run: async () => ({ exitCode: 0, stdout: Buffer.from(LISTENING) }),
    [Symbol.asyncDispose]: async () => undefined,
  };
  return {
    inspectImage: async () => ({ id: 'sha256:0' }) as ImageConfig,
    createContainer: async ({ network }) =>
      ({ ...usual, id: 'c', ...(network === 'none' ? app : sidecar) }) as Container,
  } as Partial<Engine> as Engine;
}

const run = (engine: Engine) =>
  runLaunch(engine, { image: 'sha256:0' as ImageId, argv: ['/app'], env: {}, workload: SERVER });

describe('how an app ended', () => {
  test('is nothing where it still runs after the last probe', async () => {
    expect(await run(engineOf({}))).toMatchObject({ ready: true, exit: null });
  });

  test('is asked of the engine where nobody has told it yet', async () => {
    const state = async () => ({ running: false, exitCode: 139, outOfMemory: false });
    expect(await run(engineOf({ state }))).toMatchObject({
      ready: true,
      exit: { exitCode: 139, outOfMemory: false },
    });
  });
});

describe('a sidecar that cannot be started', () => {
  const start = async () => {
    throw new Error('cannot join the network of a container that does not run');
  };

  test('is the fault of an app that has ended, however late that is told', async () => {
    const wait = () =>
      new Promise<{ exitCode: number; outOfMemory: boolean }>((resolve) => {
        setTimeout(resolve, 200, { exitCode: 1, outOfMemory: false });
      });
    expect(await run(engineOf({ wait }, { start }))).toMatchObject({
      ready: false,
      exit: { exitCode: 1, outOfMemory: false },
      startFault: null,
    });
  });

  test('is no fault of an app that runs', async () => {
    await expect(run(engineOf({}, { start }))).rejects.toThrow('cannot join the network');
  });
});
