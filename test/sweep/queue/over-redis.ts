import { BuildError, type Engine } from '../../../src/engine/engine.ts';
import type { Result } from '../../../src/slim/result.ts';
import type { SweepEvent, SweepListener } from '../../../src/sweep/event.ts';
import { queueExecutor } from '../../../src/sweep/queue/queue-executor.ts';
import { runWorker } from '../../../src/sweep/queue/worker.ts';
import { sweep } from '../../../src/sweep/sweep.ts';
import type { Catalog } from '../../support/catalog.ts';
import { PLAIN } from '../plain-options.ts';

/** An engine that does nothing but fail to build, in a way of the test's own. */
export function engineOf(build: Engine['build']): Engine {
  const absent = () => Promise.reject(new Error('the test needs no more of an engine'));
  const engine: Engine = {
    during: () => engine,
    version: '20.10',
    architecture: 'amd64',
    build,
    resources: async () => ({ memoryBytes: 8 * 1024 ** 3, processors: 2 }),
    inspectImage: async () => undefined,
    resolveImage: async () => 'sha256:1',
    importImage: absent,
    removeImage: async () => undefined,
    pullImage: absent,
    registrySettings: absent,
    createContainer: absent,
    clean: async () => ({ containers: [], images: [], networks: [] }),
  };
  return engine;
}

/** An engine whose builds fail by the fault of the entry. */
export const FAILS = engineOf(async () => {
  throw new BuildError('it failed', '[2/2] RUN echo', ['no such file']);
});

/** A worker of this process; disposing of it stops it. */
export function startWorker(engine: Engine, url: string) {
  const stop = new AbortController();
  const events: SweepEvent[] = [];
  const limits = { builds: 2, runs: 2, memoryBytes: null };
  const on = (event: SweepEvent) => void events.push(event);
  const ended = runWorker({
    url,
    concurrency: 2,
    limits,
    engine: async () => engine,
    untrusted: false,
    signal: stop.signal,
    on,
  });
  ended.catch(() => undefined);
  return {
    ended,
    events,
    async [Symbol.asyncDispose]() {
      stop.abort(new Error('stopped'));
      await ended.catch(() => undefined);
    },
  };
}

export type SweepOver = {
  readonly url: string;
  readonly signal?: AbortSignal;
  readonly dryRun?: boolean;
  readonly on?: SweepListener;
};

/** Sweeps a catalog over a queue; gives the results. */
export async function sweepThrough(
  catalog: Catalog,
  { url, signal = new AbortController().signal, dryRun = false, on = () => undefined }: SweepOver,
) {
  const options = { ...PLAIN, dryRun };
  const usual = { below: null, globs: [], changed: null, classes: { only: [], skip: [] }, shard: null };
  const request = { catalogRoot: catalog.path, ...usual, durations: null, options, jobs: 10 };
  const openExecutor = (context: Parameters<typeof queueExecutor>[0]) =>
    queueExecutor(context, { url, entryTimeoutMs: 60_000, backoffMs: 50, signal, on });
  const reports = await sweep(request, { signal, on, openExecutor });
  return reports.map(({ result }) => result);
}

export const codesOf = (results: readonly Result[]) =>
  results.map(({ entry, status, code }) => [entry, status, code]);
