import type { Engine } from '../engine/engine.ts';
import { KnownFiles } from '../image/known-files.ts';
import { disposeAll } from '../shared/dispose-all.ts';
import { unlessAborted } from '../shared/unless-aborted.ts';
import { notTidied } from '../slim/run-entry.ts';
import { slimEntry } from '../slim/slim-entry.ts';
import { rememberingImages } from '../slim/state/fingerprint.ts';
import { networkPool } from '../workload/network-pool.ts';
import { dependentsAmong } from './dependents.ts';
import { type MachineLimits, shareMachine } from './machine.ts';
import type { Executor, SweepContext, SweepTools } from './sweep.ts';
import { startWorkLimit } from './work-limit.ts';

export type LocalLimits = MachineLimits & {
  /** The longest that one entry may be worked on. */
  readonly entryTimeoutMs: number;
};

/** Works on entries with this machine's engine. */
export async function localExecutor(
  { request, entries }: Pick<SweepContext, 'request' | 'entries'>,
  {
    engine,
    limits,
    signal,
    on,
  }: Pick<SweepTools, 'signal' | 'on'> & {
    readonly engine: () => Promise<Engine>;
    readonly limits: LocalLimits;
  },
): Promise<Executor> {
  const machine = shareMachine(engine, limits);
  const resolveImage = rememberingImages(async (reference) => (await engine()).resolveImage(reference));
  const dependentsOf = dependentsAmong(entries);
  const networks = networkPool();
  const knownFiles = new KnownFiles();
  return {
    async execute(entry) {
      using limit = startWorkLimit(limits.entryTimeoutMs);
      const both = AbortSignal.any([signal, limit.signal]);
      const gate = machine.gate(limit, both);
      // what entries wait for together ends by no entry's limit, so each stops waiting by its limit
      const resolveInTime = (reference: string) => unlessAborted(resolveImage(reference), both);
      const shared = { networks, knownFiles, resolveImage: resolveInTime, dependentsOf };
      const tools = { engine, signal: both, on, gate, ...shared };
      return await slimEntry(entry.path, request.options, tools);
    },
    // a sweep that is done is not lost by what cannot be removed after it
    [Symbol.asyncDispose]: () =>
      disposeAll([networks, knownFiles]).catch((error: unknown) =>
        on({ type: 'notice', message: notTidied(error).message }),
      ),
  };
}
