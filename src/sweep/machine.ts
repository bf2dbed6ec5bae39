import type { Engine } from '../engine/engine.ts';
import { unlessAborted } from '../shared/unless-aborted.ts';
import type { Gate } from '../slim/gate.ts';
import { createSemaphore, type Semaphore } from './semaphore.ts';
import type { WorkLimit } from './work-limit.ts';

/** How much may go on at once on one machine. */
export type MachineLimits = {
  readonly builds: number;
  readonly runs: number;
  /** What containers may take together; null for the usual part of what the engine's machine has. */
  readonly memoryBytes: number | null;
};

/** What a machine has to share among the entries that are worked on at once. */
export type SharedMachine = {
  /** The gate of one entry, whose waiting does not count against its limit. */
  readonly gate: (limit: WorkLimit, signal: AbortSignal) => Gate;
};

/** The part of the memory that containers may have; the rest is for builds, the engine and ourselves. */
const CONTAINERS_PART = 0.75;

/** In this unit memory is counted. */
const MIB = 1024 ** 2;

export function shareMachine(
  engine: () => Promise<Pick<Engine, 'resources'>>,
  { builds, runs, memoryBytes }: MachineLimits,
): SharedMachine {
  const [buildTurns, runTurns] = [createSemaphore(builds), createSemaphore(runs)];
  let memory: Promise<Semaphore> | undefined;
  const askMemory = async () => {
    const bytes = memoryBytes ?? CONTAINERS_PART * (await (await engine()).resources()).memoryBytes;
    return createSemaphore(Math.max(1, Math.floor(bytes / MIB)));
  };
  return {
    gate: ({ waiting }, signal) => ({
      async build(work) {
        using _ = await waiting(() => buildTurns.take(1, signal));
        return await work();
      },
      async run(work, bytes) {
        memory ??= askMemory();
        const shared = await unlessAborted(memory, signal);
        using _ = await waiting(() => runTurns.take(1, signal));
        // always after the turn, so that no entry holds one of the two and waits for the other
        using __ = await waiting(() => shared.take(Math.ceil(bytes / MIB), signal));
        return await work();
      },
    }),
  };
}
