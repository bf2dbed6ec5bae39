import type { RefreshTools } from './act.ts';
import { type RefreshOptions, refreshEntry } from './refresh.ts';

/** So many entries are planned at once; a registry gets about as many requests at a time. */
const AT_ONCE = 8;

/**
 * Plans entries several at a time and drops the plans. The registry remembers its answers, so that the entries find
 * them when their turn comes, in order; each failure comes again there.
 */
export async function lookAhead(
  paths: readonly string[],
  options: RefreshOptions,
  tools: RefreshTools,
): Promise<void> {
  const left = paths.values();
  const quiet = { ...tools, on: () => undefined };
  const plan = async () => {
    for (const path of left) {
      if (tools.signal.aborted) return;
      await refreshEntry(path, { ...options, dryRun: true, planned: new Map() }, quiet);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, plan));
}
