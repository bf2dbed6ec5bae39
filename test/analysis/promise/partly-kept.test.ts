import { describe, expect, test } from 'vitest';
import { partlyKept } from '../../../src/analysis/promise/partly-kept.ts';
import { imagePath } from '../../../src/shared/image-path.ts';
import type { TreeTable } from '../../support/memory-tree.ts';
import { promiseContext } from '../../support/promise-context.ts';

const REPOSITORY = {
  '/srv/git/a.git/HEAD': 'ref',
  '/srv/git/a.git/objects/a': 'xx',
  '/srv/git/b.git/HEAD': 'ref',
};

const partsOf = (table: TreeTable, kept: readonly string[], seen?: Parameters<typeof promiseContext>[1]) =>
  partlyKept(promiseContext(table, seen), new Set(kept.map((path) => imagePath(path))));

describe('a directory of the author', () => {
  test('that loses files is named by the widest name, with what goes', () => {
    expect(partsOf(REPOSITORY, ['/srv/git/a.git/HEAD'])).toEqual([
      { directory: '/srv/git', kept: 1, total: 3, lostBytes: 5 },
    ]);
  });

  test('that loses more comes first', () => {
    const table = { '/a/kept': '', '/a/gone': 'x', '/b/kept': '', '/b/gone': 'xxx' };
    expect(partsOf(table, ['/a/kept', '/b/kept']).map(({ directory }) => directory)).toEqual(['/b', '/a']);
  });

  test.each<[string, TreeTable, string[], Parameters<typeof promiseContext>[1]?]>([
    ['is whole', REPOSITORY, Object.keys(REPOSITORY)],
    ['goes as a whole', REPOSITORY, []],
    [
      'loses what its base image contained',
      REPOSITORY,
      ['/srv/git/a.git/HEAD'],
      { base: Object.keys(REPOSITORY).slice(1) },
    ],
    [
      'loses what a package owns',
      REPOSITORY,
      ['/srv/git/a.git/HEAD'],
      { packages: { a: Object.keys(REPOSITORY).slice(1) } },
    ],
    [
      'loses logs and sources of a compiler',
      { '/app/run': '', '/app/a.log': '', '/app/a.c': '' },
      ['/app/run'],
    ],
    [
      'loses what a package manager governs',
      { '/app/a.js': '', '/app/node_modules/b/b.js': '' },
      ['/app/a.js'],
    ],
  ])('that %s is not named', (_, table, kept, seen) => {
    expect(partsOf(table, kept, seen)).toEqual([]);
  });
});
