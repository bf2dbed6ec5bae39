import { describe, expect, test } from 'vitest';
import { readIgnoreRules, unhide } from '../../src/dockerfile/ignore-rules.ts';

describe('a .dockerignore leaves out what Docker leaves out', () => {
  test.each([
    ['a', 'a', true],
    ['a', 'a/b/c', true],
    ['a', 'x/a', false],
    ['a', 'A', false],
    ['/a', 'a', true],
    ['./a/', 'a', true],
    ['a/../b', 'b', true],
    ['  a  ', 'a', true],
    ['*', 'a', true],
    ['*', 'a/b', true],
    ['*', 'constructor', true],
    ['*.secret', 'a.secret', true],
    ['*.secret', 'x/a.secret', false],
    ['*/a', 'x/a', true],
    ['*/a', 'x/y/a', false],
    ['**/a', 'a', true],
    ['**/a', 'x/y/a', true],
    ['**/a', 'x/ya', false],
    ['**/a', 'x/a/b', true],
    ['**a', 'xa', true],
    ['**/*.o', 'x/y/z.o', true],
    ['**/*.o', 'z.o', true],
    ['a/**', 'a', false],
    ['a/**', 'a/b/c', true],
    ['a**', 'ab/c', true],
    ['a/**/b', 'a/b', true],
    ['a/**/b', 'a/x/y/b', true],
    ['a/**/b', 'ab', false],
    ['**', 'x/y', true],
    ['a?c', 'abc', true],
    ['a?c', 'a/c', false],
    ['a[b-d]', 'ac', true],
    ['a[^b-d]', 'ac', false],
    ['a\\*', 'a*', true],
    ['a\\*', 'ab', false],
    ['a.b', 'axb', false],
    ['a+(b)|{c}$', 'a+(b)|{c}$', true],
    ['a|b', 'b', false],
    ['# a', 'a', false],
    ['#a', '#a', false],
    [' #a', '#a', true],
    ['\ufeffa', 'a', true],
    ['a\r\nb\r\n', 'a', true],
    ['', 'a', false],
    ['.', 'a', false],
  ])('%j: %s', (text, path, ignored) => {
    expect(readIgnoreRules(text).ignores(path)).toBe(ignored);
  });

  test.each([
    ['*\n!a', 'a', false],
    ['*\n!a', 'a/b', false],
    ['*\n!a\na/b', 'a/b', true],
    ['!a\n*', 'a', true],
    ['d\n!d/keep', 'd/keep', false],
    ['d\n!d/keep', 'd/other', true],
    ['*.md\n!README*.md\nREADME-secret.md', 'README.md', false],
    ['*.md\n!README*.md\nREADME-secret.md', 'README-secret.md', true],
    ['*\n! a ', 'a', false],
    ['d\n!**/keep', 'd/x/keep', false],
    ['**/e/**\n!d/e', 'd/e', false],
    ['**/e/**\n!d/e', 'd/e/a', true],
  ])('the last pattern that matches decides: %j: %s', (text, path, ignored) => {
    expect(readIgnoreRules(text).ignores(path)).toBe(ignored);
  });

  test.each([
    ['d\n!d/x/keep', 'd', true],
    ['d\n!d/x/keep', 'd/x', true],
    ['d\n!d/x/keep', 'd/y', false],
    ['d\n!e', 'd', false],
    ['d\n!**/keep', 'd', true],
    ['d', 'd', false],
  ])('something may be kept below a directory: %j: %s', (text, directory, may) => {
    expect(readIgnoreRules(text).mayKeepBelow(directory)).toBe(may);
  });

  test.each(['!', 'a[', 'a\n[b'])('%j is refused with its line', (text) => {
    expect(() => readIgnoreRules(text)).toThrow('is no valid pattern');
  });
});

describe('a path that an ignore file hides', () => {
  test.each([
    ['*\n', '*\n!rootfs.list\n'],
    ['*', '*\n!rootfs.list\n'],
    ['*\r\n!src\r\n', '*\r\n!src\r\n!rootfs.list\r\n'],
    ['*.list\n', '*.list\n!rootfs.list\n'],
    ['!rootfs.list\n*\n', '!rootfs.list\n*\n!rootfs.list\n'],
  ])('is re-included after %j by a line at its end', (text, expected) => {
    expect(unhide(text, 'rootfs.list')).toBe(expected);
  });

  test.each(['', 'node_modules\n', '*\n!rootfs.list'])('is not there in %j, which stays as it is', (text) => {
    expect(unhide(text, 'rootfs.list')).toBe(text);
  });

  test('is re-included from below a directory that is hidden', () => {
    expect(unhide('app\n', 'app/rootfs.list')).toBe('app\n!app/rootfs.list\n');
  });

  test.each(['[a].rootfs.list', 'a*.rootfs.list'])('and would be a pattern, like %s, is not', (path) => {
    expect(unhide('*\n', path)).toBeNull();
  });
});

test('many rules over many paths end in the limit of their product', () => {
  const { ignores } = readIgnoreRules('a*\n'.repeat(50), '.dockerignore', 1000);
  const all = (count: number) => Array.from({ length: count }, (_, at) => ignores(`b${at}`));
  expect(all(20)).not.toContain(true);
  expect(() => all(1)).toThrow(expect.objectContaining({ code: 'limit-exceeded' }));
});

test('the verdict of a path does not depend on what was asked before', () => {
  const text = 'a\n!a/b\na/b/*.o\n!a/b/k.o\n**/tmp';
  const paths = ['a', 'a/b', 'a/b/x.o', 'a/b/k.o', 'a/c', 'x/tmp/y', 'x/y', 'tmp', 'a/b/c/d.o', 'b'];
  const { ignores } = readIgnoreRules(text);
  for (const path of [...paths, ...paths.toReversed()])
    expect([path, ignores(path)]).toEqual([path, readIgnoreRules(text).ignores(path)]);
});
