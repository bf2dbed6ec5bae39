import type { CatalogEntry } from './catalog-entry.ts';

export type ScheduleOptions = {
  /** How many are worked on at once. */
  readonly jobs: number;
  readonly signal: AbortSignal;
};

/**
 * Works on entries, some at once: of those that can be begun always the first in their order. A delta can be when its
 * library entry, where that is among them, is done, however that ended. What was not begun when the signal is aborted
 * stays undone. A failure of `work` itself is ours: the rest is finished, then it is thrown.
 */
export async function schedule(
  entries: readonly CatalogEntry[],
  work: (entry: CatalogEntry) => Promise<void>,
  { jobs, signal }: ScheduleOptions,
): Promise<void> {
  const unfinished = new Set(entries.map(({ name }) => name));
  const waiting = [...entries];
  const running = new Set<Promise<void>>();
  const failures: unknown[] = [];
  const begin = (entry: CatalogEntry) => {
    const started = work(entry)
      .catch((error: unknown) => void failures.push(error))
      .finally(() => {
        unfinished.delete(entry.name);
        running.delete(started);
      });
    running.add(started);
  };
  for (;;) {
    while (running.size < jobs && !signal.aborted) {
      const at = waiting.findIndex(({ runtime }) => runtime === null || !unfinished.has(runtime));
      const [next] = at === -1 ? [] : waiting.splice(at, 1);
      if (next === undefined) break;
      begin(next);
    }
    if (running.size === 0) break;
    await Promise.race(running);
  }
  const failure = failures.find((error) => error !== signal.reason);
  if (failure !== undefined) throw failure;
}
