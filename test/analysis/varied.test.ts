import { expect, test } from 'vitest';
import type { Need } from '../../src/analysis/need.ts';
import { variedMessage, variedPaths } from '../../src/analysis/varied.ts';
import { type ImagePath, imagePath } from '../../src/shared/image-path.ts';

const needs = (...paths: string[]): Need[] =>
  paths.map((path) => ({ path: imagePath(path), reason: { kind: 'traced', how: 'opened' } }));
const paths = (count: number): ImagePath[] => Array.from({ length: count }, (_, at) => imagePath(`/p${at}`));

test.each<[string, Need[][], string[]]>([
  ['runs that touched the same', [needs('/a', '/b'), needs('/b', '/a')], []],
  ['one run', [needs('/a')], []],
  ['no run', [], []],
  ['a path of the first alone', [needs('/a', '/b'), needs('/b')], ['/a']],
  ['a path of the second alone', [needs('/b'), needs('/b', '/c')], ['/c']],
  ['paths of each, in byte order', [needs('/z', '/b'), needs('/a', '/b')], ['/a', '/z']],
  ['a path twice in one run', [needs('/a', '/a'), needs()], ['/a']],
  ['a path of two runs in three', [needs('/a'), needs('/a'), needs()], ['/a']],
])('%s', (_, runs, expected) => {
  expect(variedPaths(runs)).toEqual(expected);
});

test('what was done with a path may differ', () => {
  const listed: Need = { path: imagePath('/a'), reason: { kind: 'traced', how: 'listed' } };
  expect(variedPaths([needs('/a'), [listed]])).toEqual([]);
});

test('the message counts, and names a few', () => {
  expect(variedMessage(paths(1), 2)).toBe(
    '1 path was touched in only some of 2 traced runs: /p0; it is kept',
  );
  expect(variedMessage(paths(3), 2)).toBe(
    '3 paths were touched in only some of 2 traced runs: /p0, /p1, /p2; all are kept',
  );
  expect(variedMessage(paths(7), 3)).toBe(
    '7 paths were touched in only some of 3 traced runs: /p0, /p1, /p2, /p3, /p4 and 2 more; all are kept',
  );
});
