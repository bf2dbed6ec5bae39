import type { Item } from './problem.ts';

/**
 * The budget where none is given: enough for a proof of 1-minimality that goes as usual, and half as much again. Never
 * from time, so that a result is the same on any machine. One run for each traced item, which has to be refused by
 * itself; one missed item for every ten traced ones, and three more, each found by halving; two runs for each group.
 */
export function defaultBudget(items: readonly Item[]): number {
  const open = items.filter(({ held }) => !held);
  const traced = open.filter(({ traced }) => traced).length;
  const groups = new Set(open.map(({ groups }) => groups.join('\0'))).size;
  const missed = 3 + traced / 10;
  return Math.ceil(1.5 * (traced + missed * Math.log2(2 + open.length) + 2 * groups));
}
