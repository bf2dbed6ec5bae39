import { join, relative } from 'node:path';
import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { readUnit } from '../../entry/read-unit.ts';
import type { RootfsUnit } from '../../entry/unit.ts';
import { FAILURE_CODES, messageOf, UserError } from '../../shared/failure.ts';
import { VERSION } from '../../shared/version.ts';
import type { SlimEntryOptions } from '../../slim/entry-options.ts';
import { emptyResult } from '../../slim/result.ts';
import type { EntryReport } from '../../slim/run-entry.ts';
import { slimEntry } from '../../slim/slim-entry.ts';
import { hashOf, readState, STATE_DIRECTORY, stateKeyOf } from '../../slim/state/state.ts';
import type { CatalogEntry } from '../catalog-entry.ts';
import { dependentsAmong } from '../dependents.ts';
import type { SweepListener } from '../event.ts';
import type { Executor, SweepContext } from '../sweep.ts';
import { applyResult } from './apply-result.ts';
import { connectRedis } from './connect-redis.ts';
import { entryFiles } from './entry-files.ts';
import { type JobEnd, type JobWatch, watchJobs } from './job-watch.ts';
import { readStep } from './message-schema.ts';
import { type Pack, packFiles } from './pack.ts';
import {
  ATTEMPTS,
  BACKOFF_MS,
  cancelKey,
  type EntryJob,
  type EntryJobResult,
  KEEP_SECONDS,
  packKey,
  QUEUE,
} from './protocol.ts';

export type QueueTools = {
  readonly url: string;
  readonly entryTimeoutMs: number;
  /** How long the first of the retries is put off; each further one twice as long. */
  readonly backoffMs?: number;
  readonly signal: AbortSignal;
  readonly on: SweepListener;
};

type Sending = {
  readonly context: SweepContext;
  readonly tools: QueueTools;
  readonly redis: Redis;
  readonly queue: Queue<EntryJob, EntryJobResult>;
  readonly watch: JobWatch;
  /** What takes the steps that workers report, by job. */
  readonly steps: Map<string, StepRelay>;
};

/**
 * Has entries worked on by workers. Each travels as its packed files; what comes back is written here, exactly once:
 * a job has the name of what it is about, so that the same is never asked twice, and a job that a sweep has asked for
 * before it was killed is found by the sweep that resumes it.
 */
export async function queueExecutor(context: SweepContext, tools: QueueTools): Promise<Executor> {
  const link = await connectRedis(tools.url);
  const redis = link.client;
  const tellNoMore = tellOfOutages(redis, tools.on);
  const queue = new Queue<EntryJob, EntryJobResult>(QUEUE, { connection: redis });
  queue.on('error', () => undefined);
  const steps = new Map<string, StepRelay>();
  const watch = await watchJobs(queue, { redis, events: link.another() }, (jobId, data) =>
    steps.get(jobId)?.(data),
  );
  await redis.del(cancelKey(context.sweep));
  if ((await queue.getWorkersCount()) === 0) {
    tools.on({
      type: 'notice',
      message: 'no worker is running yet: start kraft-slim worker with the same --queue',
    });
  }
  const sending: Sending = { context, tools, redis, queue, watch, steps };
  return {
    execute: (entry) => execute(sending, entry),
    async [Symbol.asyncDispose]() {
      if (tools.signal.aborted)
        await redis.set(cancelKey(context.sweep), '1', 'EX', KEEP_SECONDS).catch(() => undefined);
      tellNoMore();
      await watch[Symbol.asyncDispose]();
      await queue.close();
      link[Symbol.dispose]();
    },
  };
}

async function execute(sending: Sending, entry: CatalogEntry): Promise<EntryReport> {
  const { context, tools } = sending;
  const { options } = context.request;
  try {
    const unit = await readUnit(entry.path);
    if (!('dockerfile' in unit)) return await withoutEngine(sending, entry);
    const dependentsOf = dependentsAmong(context.entries);
    const pack = await packFiles(unit.catalogRoot, await entryFiles(unit, dependentsOf));
    const end = await settled(sending, { entry, unit, pack });
    if (end.kind === 'completed') return await applied(unit, end.value, { entry, options });
    const [code, what] = PEER_FAILURES[end.kind];
    return failed(entry, new UserError(code, `${what}: ${end.reason}`));
  } catch (error) {
    if (tools.signal.aborted) return failed(entry, new UserError('interrupted', 'interrupted'));
    return error instanceof UserError ? await withoutEngine(sending, entry, error) : failed(entry, error);
  }
}

/** What a worker is at fault for is no defect of this machine. */
const PEER_FAILURES = {
  failed: ['engine-refused', 'no worker could do it'],
  refused: ['refused', 'cannot use the answer of a worker'],
} as const;

/** Applies an answer; one that is refused is the entry's failure, and no reason to read the entry here. */
async function applied(
  unit: RootfsUnit,
  answer: unknown,
  { entry, options }: { readonly entry: CatalogEntry; readonly options: SlimEntryOptions },
): Promise<EntryReport> {
  try {
    return await applyResult(unit, answer, options);
  } catch (error) {
    if (error instanceof UserError) return failed(entry, error);
    throw error;
  }
}

/** Takes what a worker sends as progress. */
type StepRelay = (data: unknown) => void;

/** Steps of one entry that are shown at most: no work has as many, and a peer may send any number. */
const MAX_STEPS = 1000;

/** Passes on the steps of an entry under its name here, whatever the worker calls it; all else is left out. */
function relaySteps(entry: string, on: SweepListener): StepRelay {
  let left = MAX_STEPS;
  return (data) => {
    const step = left > 0 ? readStep(data) : null;
    left -= 1;
    if (step !== null) on({ ...step, entry });
  };
}

/** What needs no engine is not worth the way: an entry that is skipped, or cannot be read. */
async function withoutEngine(
  { context, tools }: Sending,
  entry: CatalogEntry,
  cause?: UserError,
): Promise<EntryReport> {
  const engine = async () => {
    throw cause ?? new UserError('engine-absent', 'the sweep over a queue has no engine');
  };
  const { signal, on } = tools;
  const dependentsOf = dependentsAmong(context.entries);
  return await slimEntry(entry.path, context.request.options, { engine, signal, on, dependentsOf });
}

function failed({ name, class: kind }: CatalogEntry, error: unknown): EntryReport {
  const reported = error instanceof UserError ? error.code : 'internal';
  const code = FAILURE_CODES.find((known) => known === reported) ?? 'internal';
  const result = {
    ...emptyResult(name),
    class: kind,
    status: 'failed',
    code,
    reason: messageOf(error),
    hint: error instanceof UserError ? error.hint : null,
  } as const;
  return { result, changes: [], error };
}

type Sent = { readonly entry: CatalogEntry; readonly unit: RootfsUnit; readonly pack: Pack };

/** Asks for an entry until it is over: again, where the server has lost it. */
async function settled(sending: Sending, sent: Sent): Promise<Exclude<JobEnd, { kind: 'lost' }>> {
  const { queue, redis, watch, tools } = sending;
  const data = await jobOf(sending, sent);
  // no colon: BullMQ has it for itself
  const jobId = hashOf(JSON.stringify([data.sweep, sent.entry.id, data.pack]));
  if ((await queue.getJobState(jobId)) === 'failed') await queue.remove(jobId);
  sending.steps.set(jobId, relaySteps(sent.unit.name, tools.on));
  try {
    for (;;) {
      await redis.set(packKey(data.pack), sent.pack.bytes, 'EX', KEEP_SECONDS);
      await queue.add('entry', data, {
        jobId,
        attempts: ATTEMPTS,
        backoff: { type: 'exponential', delay: tools.backoffMs ?? BACKOFF_MS },
        removeOnComplete: { age: KEEP_SECONDS },
        removeOnFail: { age: KEEP_SECONDS },
      });
      const end = await watch.ended(jobId, tools.signal);
      if (end.kind === 'lost') {
        tools.on({ type: 'notice', message: `the queue has lost ${sent.entry.name}: sending it again` });
        continue;
      }
      await forget(sending, jobId, data.pack);
      return end;
    }
  } catch (error) {
    // the key of the sweep marks a job that a worker has begun
    if (tools.signal.aborted) await forget(sending, jobId, data.pack);
    throw error;
  } finally {
    sending.steps.delete(jobId);
  }
}

async function forget({ queue, redis }: Sending, jobId: string, pack: string): Promise<void> {
  await queue.remove(jobId).catch(() => 0);
  await redis.del(packKey(pack)).catch(() => 0);
}

async function jobOf({ context, tools }: Sending, { unit, entry, pack }: Sent): Promise<EntryJob> {
  const { options, catalogRoot } = context.request;
  const { stateDirectory, force: _, ...rest } = options;
  const directory = stateDirectory ?? join(catalogRoot, STATE_DIRECTORY);
  const state = (await readState(directory, stateKeyOf(unit)).catch(() => undefined)) ?? null;
  return {
    version: VERSION,
    sweep: context.sweep,
    path: relative(catalogRoot, entry.path),
    pack: pack.hash,
    options: rest,
    state,
    entryTimeoutMs: tools.entryTimeoutMs,
  };
}

/** Gives a way to stop it, since a connection that we close is no outage. */
function tellOfOutages(redis: Redis, on: SweepListener): () => void {
  let isAway = false;
  const leave = () => {
    if (!isAway) on({ type: 'notice', message: 'cannot reach the queue: waiting for it' });
    isAway = true;
  };
  const comeBack = () => {
    if (isAway) on({ type: 'notice', message: 'the queue is available again' });
    isAway = false;
  };
  redis.on('close', leave).on('ready', comeBack);
  return () => {
    redis.off('close', leave).off('ready', comeBack);
  };
}
