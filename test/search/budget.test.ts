import { describe, expect, test } from 'vitest';
import { defaultBudget } from '../../src/search/budget.ts';
import { search } from '../../src/search/search.ts';
import { drawInstance, honest } from '../support/search-instances.ts';

const SHAPE = { files: 2000, groups: 80, hot: 0.2, density: 0.2, recall: 0.95, junk: 0.01, directories: 3 };

describe('the default budget', async () => {
  const drawn = [1, 2, 3].map((seed) => drawInstance(SHAPE, seed));

  test.each(drawn)('is enough for the proof, and not much more: $name', async (instance) => {
    const { items } = instance;
    const maxRuns = defaultBudget(items);
    const result = await search('minimal', { items, ask: honest(instance), seed: 1, maxRuns });
    expect(result).toMatchObject({ minimal: '1-minimal', kept: instance.needed });
    expect(maxRuns).toBeLessThan(4 * result.runs);
  });

  test('is a number of runs where there is nothing to search', () => {
    expect(defaultBudget([])).toBeGreaterThan(0);
  });

  test('does not count what is held', () => {
    const items = drawn[0]?.items ?? [];
    const half = items.map((item, at) => ({ ...item, held: at % 2 === 0 }));
    expect(defaultBudget(half)).toBeLessThan(defaultBudget(items));
  });
});
