import { expect, test } from 'vitest';
import { filePattern, isFilePattern } from '../../src/dockerfile/file-pattern.ts';

test.each([
  ['abc', 'abc', true],
  ['*', 'abc', true],
  ['*c', 'abc', true],
  ['a*', 'ab/c', false],
  ['a*/b', 'abc/b', true],
  ['a*b?c*x', 'abxbbxdbxebxczzx', true],
  ['a*b?c*x', 'abxbbxdbxebxczzy', false],
  ['ab[c]', 'abc', true],
  ['ab[b-d]', 'abc', true],
  ['ab[^c]', 'abc', false],
  ['ab[^e-g]', 'abc', true],
  ['[[]x', '[x', true],
  ['[\\]a]', ']', true],
  ['[\\-x]', '-', true],
  ['a\\*b', 'a*b', true],
  ['a\\*b', 'axb', false],
  ['a???b', 'aéxyb', true],
  ['a.b', 'axb', false],
  ['**/a', 'x/y/a', false],
  ['[', 'a', false],
  ['[]a]', ']', false],
  ['a\\', 'a', false],
])('%j on %j', (pattern, path, matches) => {
  expect(filePattern(pattern)(path)).toBe(matches);
});

test('only what is not escaped makes a pattern', () => {
  expect(['a*', 'a?', 'a[', 'a\\*', 'a', 'a\\\\*'].map(isFilePattern)).toEqual([
    true,
    true,
    true,
    false,
    false,
    true,
  ]);
});
