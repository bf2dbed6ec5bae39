import type { CatalogEntry } from './catalog-entry.ts';
import { createSemaphore } from './semaphore.ts';

export type ScheduleOptions = {
  /** How many are worked on at once. */
  readonly jobs: number;
  readonly signal: AbortSignal;
};

/**
 * Works on entries in their order, some at once, a delta only when its library entry is done, however that ended. What
 * was not begun when the signal is aborted stays undone. A failure of `work` itself is ours: the rest is finished, then
 * it is thrown.
 */
export async function schedule(
  entries: readonly CatalogEntry[],
  work: (entry: CatalogEntry) => Promise<void>,
  { jobs, signal }: ScheduleOptions,
): Promise<void> {
  const slots = createSemaphore(jobs);
  const done = new Map<string, Promise<void>>();
  const all = entries.map((entry) => {
    const before = entry.runtime === null ? undefined : done.get(entry.runtime);
    const own = (async () => {
      await before?.catch(() => undefined);
      if (signal.aborted) return;
      using _ = await slots.take(1, signal);
      await work(entry);
    })();
    done.set(entry.name, own);
    return own;
  });
  for (const end of await Promise.allSettled(all)) {
    if (end.status === 'rejected' && end.reason !== signal.reason) throw end.reason;
  }
}
