import { describe, expect, test } from 'vitest';
import { isFiltered, selectEntries, workOrder } from '../../src/sweep/select.ts';
import { aDelta, anEntry } from './catalog.ts';

const ENTRIES = [
  aDelta('examples/express', 'library/node/18'),
  anEntry('examples/hello'),
  anEntry('library/nginx/1.22'),
  anEntry('library/node/18'),
  anEntry('tests', { directories: ['tests', 'tests/a', 'tests/b'] }),
];

const chosen = (globs: string[], changed: string[] | null = null) =>
  selectEntries(ENTRIES, { below: null, globs, changed }).map(({ name }) => name);

describe('globs choose', () => {
  test.each([
    [[], ENTRIES.map(({ name }) => name)],
    [['library/*'], ['library/nginx/1.22', 'library/node/18']],
    [['library'], ['library/nginx/1.22', 'library/node/18']],
    [['library/'], ['library/nginx/1.22', 'library/node/18']],
    [
      ['*/hello', 'tests'],
      ['examples/hello', 'tests'],
    ],
    [['library/nginx/1.22'], ['library/nginx/1.22']],
  ])('%j', (globs, names) => {
    expect(chosen(globs)).toEqual(names);
  });
});

test.each([[['nginx']], [['library', 'lib/*']]])('%j holds a glob that matches nothing', (globs) => {
  expect(() => chosen(globs)).toThrow(/cannot sweep by --filter .*: it matches no entry/);
  // a change that concerns no entry is no mistake
  expect(chosen(['library'], [])).toEqual([]);
});

test('a directory chooses what is in it or below, and nothing of a like name', () => {
  const below = (directory: string) =>
    selectEntries(ENTRIES, { below: directory, globs: [], changed: null }).map(({ name }) => name);
  expect(below('library')).toEqual(['library/nginx/1.22', 'library/node/18']);
  expect(below('library/node/18')).toEqual(['library/node/18']);
  expect(() => below('library/no')).toThrow('it contains no entry');
});

describe('a change concerns the entry in whose directory it is:', () => {
  test.each([
    [[], []],
    [['examples/hello/src/deep/main.c'], ['examples/hello']],
    [['tests/b/Kraftfile'], ['tests']],
    [['README.md', 'library/README.md'], []],
    [['library/nginx/1.22-other/Dockerfile'], []],
  ])('%j', (changed, names) => {
    expect(chosen([], changed)).toEqual(names);
  });

  test.each([
    ['a delta its library entry', ['examples/express/server.js'], ['examples/express', 'library/node/18']],
    ['a library entry its deltas', ['library/node/18/Dockerfile'], ['examples/express', 'library/node/18']],
    [
      'settings all below them',
      ['library/kraft-slim.yaml'],
      ['examples/express', 'library/nginx/1.22', 'library/node/18'],
    ],
    ['the settings of the catalog all', ['kraft-slim.yaml'], ENTRIES.map(({ name }) => name)],
  ])('and of %s too', (_, changed, names) => {
    expect(chosen([], changed)).toEqual(names);
  });

  test('and globs narrow that', () => {
    expect(chosen(['library/*'], ['kraft-slim.yaml'])).toEqual(['library/nginx/1.22', 'library/node/18']);
  });
});

describe('a class', () => {
  const left = (only: ('library' | 'complete' | 'runtime-delta')[], skip: ('library' | 'complete')[]) =>
    ENTRIES.filter((entry) => !isFiltered(entry, { only, skip })).map(({ name }) => name);

  test('is chosen by only, and left out by skip', () => {
    expect(left([], [])).toHaveLength(ENTRIES.length);
    expect(left(['library'], [])).toEqual(['library/nginx/1.22', 'library/node/18']);
    expect(left([], ['library', 'complete'])).toEqual(['examples/express']);
    expect(left(['library', 'runtime-delta'], ['library'])).toEqual(['examples/express']);
  });

  test('that is not known keeps the entry, so that its failure is reported', () => {
    expect(isFiltered(anEntry('library/a', { class: null }), { only: ['native'], skip: [] })).toBe(false);
  });
});

describe('the order of work', () => {
  const order = (durations?: Map<string, number>) => workOrder(ENTRIES, durations).map(({ name }) => name);

  test('is what others wait for, then what waits for it, then the rest by name', () => {
    expect(order()).toEqual([
      'library/node/18',
      'examples/express',
      'examples/hello',
      'library/nginx/1.22',
      'tests',
    ]);
  });

  test('puts the longest first among equals', () => {
    const durations = new Map([
      ['tests', 90],
      ['examples/express', 9],
      ['library/nginx/1.22', 20],
    ]);
    expect(order(durations)).toEqual([
      'library/node/18',
      'examples/express',
      'tests',
      'library/nginx/1.22',
      'examples/hello',
    ]);
  });

  test('is not kept for a delta whose library entry is not among them', () => {
    const alone = [anEntry('examples/hello'), aDelta('examples/express', 'library/node/18')];
    expect(workOrder(alone, new Map([['examples/express', 1]])).map(({ name }) => name)).toEqual([
      'examples/express',
      'examples/hello',
    ]);
  });
});
