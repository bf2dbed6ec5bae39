import { describe, expect, test } from 'vitest';
import { search } from '../../src/search/search.ts';
import { drawInstance, lying } from '../support/search-instances.ts';

describe('an oracle that inverts every twentieth answer', () => {
  test('breaks nothing when the budget ends at any time', async () => {
    const shape = {
      files: 1500,
      groups: 60,
      hot: 0.2,
      density: 0.2,
      recall: 0.95,
      junk: 0.01,
      directories: 3,
    };
    for (let seed = 1; seed <= 150; seed += 1) {
      const instance = drawInstance(shape, seed);
      const { kept } = await search('minimal', {
        items: instance.items,
        ask: lying(instance, 0.05, seed),
        seed,
        maxRuns: 8 + seed,
      });
      expect(instance.needed.filter((each) => !kept.includes(each))).toEqual([]);
    }
  });
});
