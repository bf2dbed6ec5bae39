import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { memoryOfRun } from '../../src/slim/gate.ts';
import { type MachineLimits, shareMachine } from '../../src/sweep/machine.ts';
import { startWorkLimit } from '../../src/sweep/work-limit.ts';
import { DEFAULT_LIMITS, type Service } from '../../src/workload/workload.ts';

const GIB = 1024 ** 3;
const NEVER = new AbortController().signal;
setMaxListeners(0, NEVER);

/** The most that went on at once of pieces of work through the gates of as many entries. */
async function most(
  limits: Partial<MachineLimits>,
  work: readonly { readonly kind: 'build' | 'run'; readonly bytes?: number }[],
  memoryBytes = 16 * GIB,
) {
  const engine = async () => ({ resources: async () => ({ memoryBytes, processors: 2 }) });
  const machine = shareMachine(engine, { builds: 99, runs: 99, memoryBytes: null, ...limits });
  const now = { build: 0, run: 0, bytes: 0 };
  const top = { build: 0, run: 0, bytes: 0 };
  await Promise.all(
    work.map(async ({ kind, bytes = 0 }) => {
      using limit = startWorkLimit(60_000);
      const gate = machine.gate(limit, NEVER);
      const piece = async () => {
        now[kind] += 1;
        now.bytes += bytes;
        for (const key of ['build', 'run', 'bytes'] as const) top[key] = Math.max(top[key], now[key]);
        await sleep(2);
        now[kind] -= 1;
        now.bytes -= bytes;
      };
      await (kind === 'build' ? gate.build(piece) : gate.run(piece, bytes));
    }),
  );
  return top;
}

describe('on one machine', () => {
  test('builds and runs have separate limits', async () => {
    const work = Array.from({ length: 20 }, (_, at) => ({ kind: at % 2 === 0 ? 'build' : 'run' }) as const);
    expect(await most({ builds: 2, runs: 3 }, work)).toMatchObject({ build: 2, run: 3 });
  });

  test('runs take three quarters of the memory of the engine together, and no more', async () => {
    const work = Array.from({ length: 12 }, () => ({ kind: 'run', bytes: 4 * GIB }) as const);
    expect(await most({}, work)).toMatchObject({ run: 3, bytes: 12 * GIB });
  });

  test('a JVM next to a database waits for it where both have no room', async () => {
    const work = [
      { kind: 'run', bytes: 8 * GIB },
      { kind: 'run', bytes: 6 * GIB },
      { kind: 'run', bytes: GIB },
    ] as const;
    expect((await most({}, work)).bytes).toBeLessThanOrEqual(12 * GIB);
  });

  test('a run that wants more than there is goes on alone', async () => {
    const work = [
      { kind: 'run', bytes: 64 * GIB },
      { kind: 'run', bytes: GIB },
    ] as const;
    expect((await most({}, work)).run).toBe(1);
  });

  test('memory that is said goes before that of the engine', async () => {
    const work = Array.from({ length: 6 }, () => ({ kind: 'run', bytes: GIB }) as const);
    expect((await most({ memoryBytes: 2 * GIB }, work)).run).toBe(2);
  });
});

test('a run takes the limit of its app, of each service, and of one client', () => {
  const service: Service = { command: ['a'], image: null, env: {}, ports: [] };
  const limits = { ...DEFAULT_LIMITS, memoryBytes: 100 };
  expect(memoryOfRun({ limits, services: [], probes: [] })).toBe(100);
  const tcp = { kind: 'tcp', port: 1, send: '', expect: null } as const;
  expect(memoryOfRun({ limits, services: [service, service], probes: [tcp] })).toBe(300);
});

test('a run that waits for the memory of a silent engine ends with its signal', async () => {
  const engine = () => new Promise<never>(() => undefined);
  const machine = shareMachine(engine, { builds: 1, runs: 1, memoryBytes: null });
  using limit = startWorkLimit(50);
  const run = machine.gate(limit, limit.signal).run(async () => 'ran', 1);
  await expect(run).rejects.toMatchObject({ code: 'timeout' });
});
