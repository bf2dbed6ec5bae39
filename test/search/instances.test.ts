import { describe, expect, test } from 'vitest';
import type { SearchResult } from '../../src/search/problem.ts';
import { type Strategy, search } from '../../src/search/search.ts';
import {
  baselines,
  drawInstance,
  entropy,
  honest,
  type Instance,
  type Shape,
  sharedInstances,
} from '../support/search-instances.ts';

const SEED = 1;

function searchFor(strategy: Strategy, instance: Instance): Promise<SearchResult> {
  return search(strategy, { items: instance.items, ask: honest(instance), seed: SEED, maxRuns: 1e6 });
}

const sum = (values: readonly number[]) => values.reduce((all, value) => all + value, 0);

describe('over the shared instances,', async () => {
  const instances = sharedInstances();
  const baseline = baselines();

  test('growing brings all that is needed and no more files than the baseline, in fewer runs', async () => {
    const results = await Promise.all(instances.map((instance) => searchFor('grow', instance)));
    for (const [at, { kept }] of results.entries()) {
      const { name, needed } = instances[at] as Instance;
      expect(kept).toEqual(expect.arrayContaining([...needed]));
      expect(kept.length).toBeLessThanOrEqual(baseline(name, 'trace+grow').kept);
    }
    const before = sum(instances.map(({ name }) => baseline(name, 'trace+grow').runs));
    expect(sum(results.map(({ runs }) => runs))).toBeLessThanOrEqual(0.8 * before);
  });

  test('the proven 1-minimal set is what is needed, in at most 0.6 of the runs of the baseline', async () => {
    const results = await Promise.all(instances.map((instance) => searchFor('minimal', instance)));
    for (const [at, { kept, minimal, lies }] of results.entries()) {
      expect({ kept, minimal, lies }).toEqual({ kept: instances[at]?.needed, minimal: '1-minimal', lies: 0 });
    }
    const before = sum(instances.map(({ name }) => baseline(name, 'trace+grow+shrink (1-minimal)').runs));
    expect(sum(results.map(({ runs }) => runs))).toBeLessThanOrEqual(0.55 * before);
  });

  test('from nothing, what is needed is found in fewer runs than by halving', async () => {
    const results = await Promise.all(instances.map((instance) => searchFor('search-only', instance)));
    for (const [at, { kept, minimal }] of results.entries()) {
      expect({ kept, minimal }).toEqual({ kept: instances[at]?.needed, minimal: '1-minimal' });
    }
    const before = sum(instances.map(({ name }) => baseline(name, 'recursive-halving').runs));
    expect(sum(results.map(({ runs }) => runs))).toBeLessThan(0.8 * before);
  });

  test('a coin flip keeps most of it', async () => {
    for (const instance of instances) {
      const { kept, runs, minimal } = await searchFor('coin-flip', instance);
      expect(kept).toEqual(expect.arrayContaining([...instance.needed]));
      expect(kept.length).toBeGreaterThan(0.8 * instance.items.length);
      expect(runs).toBeLessThan(130);
      expect(minimal).toBe('budget');
    }
  });
});

/** What confirming a result may take, over what finding it takes. */
const CONFIRMATION = 12;

/** Runs of a search that knows all densities but no groups: one for each traced item, and the entropy of the missed ones. */
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
