import type { Item } from './problem.ts';

/** The trace misses up to so many needed items, and one more for so many that it has seen. */
const MISSED = { always: 4, oneIn: 20 };
/** Surprises, confirmation. */
const RESERVE = 16;

/**
 * The budget where none is given, in oracle runs: half as many again as a proof of 1-minimality usually takes. With n
 * items that are not held, of which t are traced (or the square root of n, where that is more):
 * `1.5 * (t + (4 + t / 20) * log2(n + 1)) + 16`: each traced item is refused or removed alone, and each needed one
 * that was missed is found by halving. Computed from the items alone, never from time, so that a result is the same on
 * any machine.
 */
export function defaultBudget(items: readonly Item[]): number {
  const open = items.filter(({ held }) => !held);
  const traced = open.filter((item) => item.traced).length;
  const likely = Math.max(traced, Math.sqrt(open.length));
  const missed = MISSED.always + likely / MISSED.oneIn;
  return Math.ceil(1.5 * (likely + missed * Math.log2(open.length + 1))) + RESERVE;
}
