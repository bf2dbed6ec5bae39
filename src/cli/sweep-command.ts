import { availableParallelism } from 'node:os';
import { relative, resolve, sep } from 'node:path';
import { findCatalogRoot } from '../catalog/catalog-root.ts';
import { changedPaths } from '../git/changed-paths.ts';
import { readTemplate } from '../render/template.ts';
import { diskFull } from '../shared/disk-full.ts';
import { messageOf, UserError } from '../shared/failure.ts';
import type { EntryReport } from '../slim/run-entry.ts';
import { appendToUserFile, writeUserFile } from '../store/user-file.ts';
import { annotationsOf } from '../sweep/annotations.ts';
import { mergeSweeps, readDurations } from '../sweep/documents-at.ts';
import type { SweepListener } from '../sweep/event.ts';
import { openEventLog } from '../sweep/event-log.ts';
import { localExecutor } from '../sweep/local-executor.ts';
import type { WorkerReport } from '../sweep/queue/worker.ts';
import { parseShard } from '../sweep/shard.ts';
import { markdownSummary } from '../sweep/summary.ts';
import { type SweepRequest, type SweepTools, sweep } from '../sweep/sweep.ts';
import type { WorkflowCommand } from '../words/ci-log.ts';
import { engineOnDemand } from './commands.ts';
import { type SweepDocument, sweepDocument } from './documents.ts';
import { loadQueue } from './load-queue.ts';
import type { Request } from './program.ts';
import { slimOptionsOf } from './slim-options.ts';
import type { WorkerAsked } from './sweep-program.ts';

/** Enough that each worker finds the next entry at once, and few enough for the memory of a Redis server. */
const JOBS_OVER_QUEUE = 256;

/** The command line of a sweep. */
type SweepVerb = Extract<Request, { readonly verb: 'sweep' }>;

/** The outcome of a sweep. */
export type SweepRun = {
  readonly reports: readonly EntryReport[];
  readonly document: SweepDocument;
  /** How many entries were chosen, done or not. */
  readonly chosen: number;
};

/** Sweeps a catalog, on this machine or over a queue. */
export async function sweepCommand(
  call: SweepVerb,
  { signal, on }: { readonly signal: AbortSignal; readonly on: SweepListener },
): Promise<SweepRun> {
  const begun = performance.now();
  const request = await requestOf(call);
  await using log = call.events === null ? undefined : await openEventLog(call.events);
  let chosen = 0;
  const listener: SweepListener = (event) => {
    if (event.type === 'sweep-started') chosen = event.entries;
    log?.listener(event);
    on(event);
  };
  const tools = { signal, on: listener };
  const reports = await sweep(request, { ...tools, openExecutor: executorOf(call, tools) });
  const results = reports.map(({ result }) => result);
  return { reports, document: sweepDocument(results, performance.now() - begun), chosen };
}

/** Merges the documents of shards into the document of their sweep. */
export async function mergeCommand(directory: string): Promise<SweepRun> {
  const { results, seconds } = await mergeSweeps(directory);
  const reports = results.map((result) => ({ result, changes: [], error: null }));
  return { reports, document: sweepDocument(results, seconds * 1000), chosen: results.length };
}

/** A workflow for GitHub Actions that sweeps a catalog in shards. */
export async function workflowText(): Promise<string> {
  return readTemplate('sweep-workflow.yaml');
}

/**
 * Writes the summary of a sweep to the requested file and, within GitHub Actions, to the summary of the step.
 * @throws UserError `usage` if it cannot write a summary.
 */
export async function writeSummaries(
  { summary, catalog }: SweepVerb,
  { document }: SweepRun,
): Promise<WorkflowCommand[]> {
  const { results, totals } = document;
  const markdown = markdownSummary(results, totals);
  const { GITHUB_STEP_SUMMARY: step, GITHUB_ACTIONS: actions, GITHUB_WORKSPACE: workspace } = process.env;
  try {
    if (summary !== null) writeUserFile(summary, markdown);
    if (step) appendToUserFile(step, markdown);
  } catch (error) {
    throw (
      diskFull(error, summary ?? step) ??
      new UserError('usage', `cannot write the summary: ${messageOf(error)}`, { cause: error })
    );
  }
  if (actions !== 'true') return [];
  const root = findCatalogRoot(resolve(catalog), resolve(catalog));
  return annotationsOf(
    results,
    relative(workspace ?? process.cwd(), root)
      .split(sep)
      .join('/') || '.',
  );
}

/** Works for sweeps over a queue until interrupted. */
export async function workerCommand(
  { queue: url, concurrency, builds, runs, untrusted }: WorkerAsked,
  { signal, on }: { readonly signal: AbortSignal; readonly on: SweepListener },
): Promise<WorkerReport> {
  const { runWorker } = await loadQueue(() => import('../sweep/queue/worker.ts'));
  const limits = { builds, runs, memoryBytes: null };
  return await runWorker({ url, concurrency, limits, untrusted, engine: engineOnDemand(signal), signal, on });
}

async function requestOf(call: SweepVerb): Promise<SweepRequest> {
  const from = resolve(call.catalog);
  const catalogRoot = findCatalogRoot(from, from);
  const below = relative(catalogRoot, from).split(sep).join('/');
  return {
    catalogRoot,
    below: below === '' ? null : below,
    globs: call.filter,
    changed: call.changedSince === null ? null : await changedPaths(catalogRoot, call.changedSince),
    classes: { only: call.only, skip: call.skip },
    shard: call.shard === null ? null : parseShard(call.shard),
    durations: call.durations === null ? null : await readDurations(call.durations),
    options: slimOptionsOf(call),
    jobs: call.jobs ?? (call.queue === null ? 2 * availableParallelism() : JOBS_OVER_QUEUE),
  };
}

function executorOf(
  { queue, builds, runs, entryTimeout }: SweepVerb,
  tools: Pick<SweepTools, 'signal' | 'on'>,
): SweepTools['openExecutor'] {
  const entryTimeoutMs = entryTimeout * 1000;
  if (queue === null) {
    const limits = { builds, runs, memoryBytes: null, entryTimeoutMs };
    const engine = engineOnDemand(tools.signal);
    return (context) => localExecutor(context, { ...tools, engine, limits });
  }
  return async (context) => {
    const { queueExecutor } = await loadQueue(() => import('../sweep/queue/queue-executor.ts'));
    return await queueExecutor(context, { ...tools, url: queue, entryTimeoutMs });
  };
}
