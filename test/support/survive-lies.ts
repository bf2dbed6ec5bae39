import { search } from '../../src/search/search.ts';
import { honest, type Instance, lying } from './search-instances.ts';

/** How searches end whose oracle inverts answers with probability `noise`, over seeds from `from` on. */
export type Survival = {
  readonly searches: number;
  readonly honestRuns: number;
  /** Searches whose set lacks something that is needed. */
  readonly broken: number;
  readonly mostRuns: number;
  readonly medianRuns: number;
  /** Files kept for each that is needed. */
  readonly medianSize: number;
  /** Searches that did not see a single lie. */
  readonly unaware: number;
};

/** The budget is three times what an honest oracle takes. */
export async function surviveLies(
  instance: Instance,
  { noise, seeds }: { readonly noise: number; readonly seeds: readonly number[] },
): Promise<Survival> {
  const { items, needed } = instance;
  const { runs: honestRuns } = await search('minimal', {
    items,
    ask: honest(instance),
    seed: 1,
    maxRuns: 1e6,
  });
  const runs: number[] = [];
  const sizes: number[] = [];
  let [broken, unaware] = [0, 0];
  for (const seed of seeds) {
    const ask = lying(instance, noise, seed);
    const result = await search('minimal', { items, ask, seed, maxRuns: 3 * honestRuns });
    const kept = new Set(result.kept);
    if (!needed.every((each) => kept.has(each))) broken += 1;
    if (result.lies === 0) unaware += 1;
    runs.push(result.runs);
    sizes.push(result.kept.length);
  }
  return {
    searches: seeds.length,
    honestRuns,
    broken,
    mostRuns: Math.max(...runs),
    medianRuns: median(runs),
    medianSize: median(sizes) / needed.length,
    unaware,
  };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
