import { expect, test } from 'vitest';
import { defaultBudget } from '../../src/search/budget.ts';
import { search } from '../../src/search/search.ts';
import { honest } from '../support/search-instances.ts';
import { sharedInstances } from '../support/shared-instances.ts';

test.each(sharedInstances())(
  'the default budget is enough for the proof, and not much more: $name',
  async (instance) => {
    const { items } = instance;
    const maxRuns = defaultBudget(items);
    const result = await search('minimal', { items, ask: honest(instance), seed: 1, maxRuns });
    expect(result).toMatchObject({ minimal: '1-minimal', kept: instance.needed });
    expect(maxRuns).toBeLessThan(4 * result.runs);
  },
);
