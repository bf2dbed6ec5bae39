import { type Job, type Queue, QueueEvents } from 'bullmq';
import type { Redis } from 'ioredis';
import type { EntryJob, EntryJobResult } from './protocol.ts';

/** How a job ended. */
export type JobEnd =
  | { readonly kind: 'completed'; readonly value: EntryJobResult }
  | { readonly kind: 'failed'; readonly reason: string }
  /** The server has lost it: it was started anew without what it held. */
  | { readonly kind: 'lost' };

type EntryQueue = Queue<EntryJob, EntryJobResult>;

/** Waits for the ends of jobs. */
export type JobWatch = AsyncDisposable & {
  /** @throws the signal's reason where it is aborted before. */
  readonly ended: (jobId: string, signal: AbortSignal) => Promise<JobEnd>;
};

/** How often jobs are looked after of which nothing was heard: an event may be lost with the server. */
const LOOK_MS = 2000;

export async function watchJobs(
  queue: EntryQueue,
  connection: Redis,
  onProgress: (data: unknown) => void,
): Promise<JobWatch> {
  const events = new QueueEvents(queue.name, { connection });
  // a server that went away is told by the other connection
  events.on('error', () => undefined);
  await events.waitUntilReady();
  const wake = new Map<string, () => void>();
  events.on('completed', ({ jobId }) => wake.get(jobId)?.());
  events.on('failed', ({ jobId }) => wake.get(jobId)?.());
  events.on('progress', ({ jobId, data }) => {
    if (wake.has(jobId)) onProgress(data);
  });
  return {
    async ended(jobId, signal) {
      for (;;) {
        const heard = nextLook(jobId, wake, signal);
        const end = await endOf(queue, jobId);
        if (end !== null) {
          wake.get(jobId)?.();
          await heard.catch(() => undefined);
          wake.delete(jobId);
          return end;
        }
        await heard;
      }
    },
    [Symbol.asyncDispose]: () => events.close(),
  };
}

/** Resolves when something is heard of a job, or it is time to look again. */
function nextLook(jobId: string, wake: Map<string, () => void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => finish(() => reject(signal.reason));
    const finish = (settle: () => void) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      settle();
    };
    const timer = setTimeout(() => finish(resolve), LOOK_MS);
    wake.set(jobId, () => finish(resolve));
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}

/** null while a job is not over. */
async function endOf(queue: EntryQueue, jobId: string): Promise<JobEnd | null> {
  const state = await queue.getJobState(jobId);
  if (state === 'unknown') return { kind: 'lost' };
  if (state !== 'completed' && state !== 'failed') return null;
  const job = (await queue.getJob(jobId)) as Job<EntryJob, EntryJobResult> | undefined;
  if (job === undefined) return { kind: 'lost' };
  return state === 'completed'
    ? { kind: 'completed', value: job.returnvalue }
    : { kind: 'failed', reason: job.failedReason };
}
