import { type Queue, QueueEvents } from 'bullmq';
import type { Redis } from 'ioredis';
import type { EntryJob, EntryJobResult } from './protocol.ts';

/** How a job ended. */
export type JobEnd =
  /** `value`: as the worker sent it, not read by any schema yet. */
  | { readonly kind: 'completed'; readonly value: unknown }
  | { readonly kind: 'failed'; readonly reason: string }
  /** What the worker sent is no message at all. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** The server has lost it: it was restarted without its data. */
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
  { redis, events: connection }: { readonly redis: Redis; readonly events: Redis },
  onProgress: (jobId: string, data: unknown) => void,
): Promise<JobWatch> {
  const events = new QueueEvents(queue.name, { connection });
  // the other connection reports a server that went away
  events.on('error', () => undefined);
  await events.waitUntilReady();
  const wake = new Map<string, () => void>();
  events.on('completed', ({ jobId }) => wake.get(jobId)?.());
  events.on('failed', ({ jobId }) => wake.get(jobId)?.());
  events.on('progress', ({ jobId, data }) => {
    if (wake.has(jobId)) onProgress(jobId, data);
  });
  return {
    async ended(jobId, signal) {
      for (;;) {
        const heard = nextLook(jobId, wake, signal);
        const end = await endOf({ queue, redis }, jobId);
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

/** The longest answer that is fetched: two such texts are in memory for a moment. */
const MAX_ANSWER_BYTES = 64 * 1024 ** 2;
/** The longest reason for a failure that is shown. */
const MAX_REASON_BYTES = 64 * 1024;

/** null while a job is not over. Only a field of bounded length is fetched, since a peer wrote it. */
async function endOf(
  { queue, redis }: { readonly queue: EntryQueue; readonly redis: Redis },
  jobId: string,
): Promise<JobEnd | null> {
  const state = await queue.getJobState(jobId);
  if (state === 'unknown') return { kind: 'lost' };
  if (state !== 'completed' && state !== 'failed') return null;
  const key = queue.toKey(jobId);
  if (state === 'failed') {
    const isLong = (await redis.hstrlen(key, 'failedReason')) > MAX_REASON_BYTES;
    const reason = isLong ? null : await redis.hget(key, 'failedReason');
    return { kind: 'failed', reason: reason ?? 'it gives no reason' };
  }
  const bytes = await redis.hstrlen(key, 'returnvalue');
  if (bytes > MAX_ANSWER_BYTES)
    return { kind: 'refused', reason: `it has ${bytes} bytes, more than ${MAX_ANSWER_BYTES}` };
  const text = await redis.hget(key, 'returnvalue');
  if (text === null) return { kind: 'refused', reason: 'it is empty' };
  try {
    return { kind: 'completed', value: JSON.parse(text) };
  } catch {
    return { kind: 'refused', reason: 'it is no JSON' };
  }
}
