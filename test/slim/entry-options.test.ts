import { expect, test } from 'vitest';
import { decidingOptions, type SlimEntryOptions } from '../../src/slim/entry-options.ts';

const OPTIONS: SlimEntryOptions = {
  dryRun: true,
  force: true,
  redo: true,
  upgrade: true,
  askStages: true,
  search: null,
  placeholders: true,
  untrusted: true,
  stateDirectory: '/state',
};

test('a fingerprint contains the options that change the result, and no option that a caller adds unseen', () => {
  const withMore = { ...OPTIONS, verbose: true };
  expect(Object.keys(decidingOptions(withMore)).sort()).toEqual([
    'askStages',
    'placeholders',
    'search',
    'untrusted',
    'upgrade',
  ]);
});
