import { type Job, UnrecoverableError, WaitingError, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Engine } from '../../engine/engine.ts';
import { KnownFiles } from '../../image/known-files.ts';
import { messageOf, UserError } from '../../shared/failure.ts';
import { VERSION } from '../../shared/version.ts';
import { makeWorkDirectory } from '../../slim/spools.ts';
import { type NetworkPool, networkPool } from '../../workload/network-pool.ts';
import type { SweepEvent, SweepListener } from '../event.ts';
import { type MachineLimits, type SharedMachine, shareMachine } from '../machine.ts';
import { connectRedis } from './connect-redis.ts';
import { readJob, versionOf } from './message-schema.ts';
import { MAX_PACK_BYTES } from './pack.ts';
import {
  ATTEMPTS,
  cancelKey,
  type EntryJob,
  type EntryJobResult,
  LOCK_MS,
  MAX_STALLED,
  packKey,
  QUEUE,
} from './protocol.ts';
import { workOnPack } from './work-on-pack.ts';

export type WorkerTools = {
  readonly url: string;
  readonly concurrency: number;
  readonly limits: MachineLimits;
  readonly engine: () => Promise<Engine>;
  /** Whether no entry is trusted, whatever a sweep says. */
  readonly untrusted: boolean;
  readonly signal: AbortSignal;
  readonly on: SweepListener;
};

/** What a worker has done until it stopped. */
export type WorkerReport = { readonly done: number; readonly failed: number };

type Station = WorkerTools & {
  readonly redis: Redis;
  readonly networks: NetworkPool;
  readonly knownFiles: KnownFiles;
  readonly machine: SharedMachine;
  /** Ends the worker for good: it is of no use to this queue. */
  readonly giveUp: (error: UserError) => void;
};

/**
 * Works on entries of a queue until the signal is aborted; what is under way then goes back to the queue.
 * @throws UserError where there is no queue, no engine, or the sweep is another version's.
 */
export async function runWorker(tools: WorkerTools): Promise<WorkerReport> {
  // without an engine each entry would come back as failed
  await tools.engine();
  await using networks = networkPool();
  await using knownFiles = new KnownFiles();
  using link = await connectRedis(tools.url);
  const redis = link.client;
  const stop = new AbortController();
  let unfit: UserError | undefined;
  const station: Station = {
    ...tools,
    redis,
    networks,
    knownFiles,
    signal: AbortSignal.any([tools.signal, stop.signal]),
    machine: shareMachine(tools.engine, tools.limits),
    giveUp(error) {
      unfit = error;
      stop.abort(error);
    },
  };
  const report = { done: 0, failed: 0 };
  const worker = new Worker<EntryJob, EntryJobResult>(
    QUEUE,
    async (job, token) => {
      const value = await workOn(station, job, token ?? '');
      report[value.result.status === 'failed' ? 'failed' : 'done'] += 1;
      return value;
    },
    {
      connection: link.another(),
      concurrency: tools.concurrency,
      lockDuration: LOCK_MS,
      stalledInterval: LOCK_MS / 3,
      maxStalledCount: MAX_STALLED,
    },
  );
  worker.on('error', (error) => tools.on({ type: 'notice', message: `the queue: ${messageOf(error)}` }));
  try {
    await aborted(station.signal);
  } finally {
    await worker.close();
  }
  if (unfit !== undefined) throw unfit;
  return report;
}

async function workOn(
  station: Station,
  job: Job<EntryJob, EntryJobResult>,
  token: string,
): Promise<EntryJobResult> {
  const version = versionOf(job.data);
  if (version !== null && version !== VERSION) {
    const message = `cannot work on this queue: the sweep is kraft-slim ${version}, this worker ${VERSION}`;
    station.giveUp(new UserError('usage', message, { hint: 'use the same version on all machines' }));
    return await giveBack(job, token);
  }
  const data = orUnrecoverable(() => readJob(job.data));
  const { sweep } = data;
  const bytes = await fetchPack(station.redis, data.pack);
  await using cancelled = watchCancelling(station.redis, sweep);
  await using directory = await makeWorkDirectory();
  const signal = AbortSignal.any([station.signal, cancelled.signal]);
  const on = (event: SweepEvent) => {
    station.on(event);
    if (event.type === 'step') job.updateProgress(event).catch(() => undefined);
  };
  station.on({ type: 'entry-started', entry: data.path });
  const done = await workOnPack(
    { job: data, bytes, directory: directory.path },
    { ...station, signal, on },
  ).catch(unrecoverable);
  if (cancelled.signal.aborted) throw new UnrecoverableError('the sweep was cancelled');
  if (station.signal.aborted) return await giveBack(job, token);
  const { result } = done;
  // another try, on another machine perhaps, where it is not the entry's fault
  if (isOurFault(result.code) && job.attemptsMade + 1 < ATTEMPTS)
    throw new Error(`${result.code}: ${result.reason}`);
  station.on({ type: 'entry-finished', entry: result.entry, from: 'work', result });
  return done;
}

/** The packed files of a job. */
async function fetchPack(redis: Redis, pack: string): Promise<Buffer> {
  const key = packKey(pack);
  const length = await redis.strlen(key);
  if (length > MAX_PACK_BYTES)
    throw new UnrecoverableError(
      `the packed files of the entry have ${length} bytes, more than ${MAX_PACK_BYTES}`,
    );
  const bytes = await redis.getBuffer(key);
  if (bytes === null) throw new Error('the packed files of the entry are gone');
  return bytes;
}

/** What is refused once is refused each time: no other try is made. */
function unrecoverable(error: unknown): never {
  if (error instanceof UserError && error.code === 'refused') throw new UnrecoverableError(error.message);
  throw error;
}

function orUnrecoverable<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    return unrecoverable(error);
  }
}

const OUR_FAULTS = new Set(['engine-absent', 'engine-refused', 'internal']);

function isOurFault(code: string | null): boolean {
  return code !== null && OUR_FAULTS.has(code);
}

/** Puts a job back for others, as if it had not been taken. */
async function giveBack(job: Job, token: string): Promise<never> {
  await job.moveToWait(token);
  throw new WaitingError();
}

const LOOK_MS = 1000;

/** A signal that is aborted when the sweep that asked is cancelled. */
function watchCancelling(redis: Redis, sweep: string): AsyncDisposable & { readonly signal: AbortSignal } {
  const cancelled = new AbortController();
  const timer = setInterval(async () => {
    const isCancelled = await redis.exists(cancelKey(sweep)).catch(() => 0);
    if (isCancelled) cancelled.abort(new UserError('interrupted', 'the sweep was cancelled'));
  }, LOOK_MS);
  return { signal: cancelled.signal, [Symbol.asyncDispose]: async () => clearInterval(timer) };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
