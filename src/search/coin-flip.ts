import { interrogatorOf, OutOfRuns } from './interrogator.ts';
import { ItemSet } from './item-set.ts';
import type { Problem, SearchResult } from './problem.ts';
import { randomOf, shuffled } from './random.ts';

const STEPS = 10;

/**
 * The reference's idea, for comparison: ten times, drop a random half of what is left; where that is refused, half as
 * many, and so on, until something can go.
 */
export async function coinFlip(problem: Problem): Promise<SearchResult> {
  const { items } = problem;
  const oracle = interrogatorOf(problem);
  const random = randomOf(problem.seed);
  let kept = ItemSet.all(items.length);
  const step = async () => {
    const order = shuffled(
      [...kept].filter((item) => items[item]?.held === false),
      random,
    );
    for (let count = order.length >>> 1; count > 0; count >>>= 1) {
      const next = kept.without(order.slice(0, count));
      if (!(await oracle.once(next))) continue;
      kept = next;
      return;
    }
  };
  try {
    for (let steps = 0; steps < STEPS; steps += 1) await step();
  } catch (error) {
    if (!(error instanceof OutOfRuns)) throw error;
  }
  return {
    kept: [...kept],
    minimal: 'budget',
    runs: oracle.runs,
    cacheHits: oracle.cacheHits,
    held: items.filter(({ held }) => held).length,
    lies: oracle.repeated.outvoted,
  };
}
