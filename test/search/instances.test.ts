import { describe, expect, test } from 'vitest';
import type { SearchResult } from '../../src/search/problem.ts';
import { type Strategy, search } from '../../src/search/search.ts';
import { drawInstance, entropy, honest, type Instance, type Shape } from '../support/search-instances.ts';

const SEED = 1;

function searchFor(strategy: Strategy, instance: Instance): Promise<SearchResult> {
  return search(strategy, { items: instance.items, ask: honest(instance), seed: SEED, maxRuns: 1e6 });
}

const sum = (values: readonly number[]) => values.reduce((all, value) => all + value, 0);

/** What confirming a result may take, over what finding it takes. */
const CONFIRMATION = 12;

/** Runs of a search that knows all densities but no groups: a run for each traced item, and the missed items' entropy. */
function fairRuns({ items, needed }: Instance): number {
  const traced = items.filter((item) => item.traced).length;
  const missed = needed.filter((each) => items[each]?.traced === false).length;
  return traced + entropy(items.length - traced, missed / (items.length - traced)) + CONFIRMATION;
}

describe('over instances of other shapes, the 1-minimal set is found:', () => {
  const usual: Shape = {
    files: 4000,
    groups: 150,
    hot: 0.15,
    density: 0.15,
    recall: 0.96,
    junk: 0.01,
    directories: 0,
  };
  test.each<[string, Partial<Shape>, number]>([
    ['the usual one', {}, 1],
    ['junk only where need is', { junk: 0.05, hot: 0.5, density: 0.1 }, 1],
    ['much junk', { junk: 0.06 }, 0.75],
    ['a trace that misses a lot', { recall: 0.7 }, 0.9],
    ['a trace that misses nothing', { recall: 1 }, 1],
    ['need everywhere', { hot: 1, density: 0.02 }, 1.15],
    ['whole packages needed', { hot: 0.05, density: 0.95 }, 0.85],
    ['no groups', { groups: 1, hot: 1, density: 0.02 }, 1.05],
    ['directories in packages', { directories: 6 }, 1],
    ['a small image', { files: 300, groups: 20, hot: 0.3 }, 1],
  ])('%s', async (_, over, most) => {
    const instances = [1, 2, 3, 4].map((seed) => drawInstance({ ...usual, ...over }, seed));
    const results = await Promise.all(instances.map((instance) => searchFor('minimal', instance)));
    expect(results.map(({ kept }) => kept)).toEqual(instances.map(({ needed }) => needed));
    const runs = sum(results.map((result) => result.runs));
    expect(runs).toBeLessThanOrEqual(most * sum(instances.map(fairRuns)));
  });
});
