import { describe, expect, test } from 'vitest';
import type { SearchResult } from '../../src/search/problem.ts';
import { type Strategy, search } from '../../src/search/search.ts';
import { honest, type Instance } from '../support/search-instances.ts';
import { baselines, sharedInstances } from '../support/shared-instances.ts';

const SEED = 1;

function searchFor(strategy: Strategy, instance: Instance): Promise<SearchResult> {
  return search(strategy, { items: instance.items, ask: honest(instance), seed: SEED, maxRuns: 1e6 });
}

const sum = (values: readonly number[]) => values.reduce((all, value) => all + value, 0);

describe('over the shared instances,', async () => {
  const instances = sharedInstances();
  const baseline = baselines();

  test('growing adds all that is needed and no more files than the baseline, in fewer runs', async () => {
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
