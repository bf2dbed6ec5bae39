import { expect, test } from 'vitest';
import { catalogFiles } from '../../src/check/files.ts';
import { isGitIgnored } from '../../src/check/git-ignored.ts';

const ask = async (ignore: Record<string, string>, path: string) =>
  await isGitIgnored(catalogFiles('/nowhere', new Map(Object.entries(ignore))), path);

test.each([
  ['/rootfs/', 'a/rootfs', true],
  ['/rootfs/', 'a/b/rootfs', false],
  ['rootfs/', 'a/b/rootfs', true],
  ['rootfs/', 'a/rootfs/bin/app', true],
  ['*.bin', 'a/out/x.bin', true],
  ['out/*.bin', 'a/out/x.bin', true],
  ['out/*.bin', 'a/b/out/x.bin', false],
  ['**/out', 'a/b/out', true],
  ['a/**/c', 'a/a/x/y/c', true],
  ['out/**', 'a/out/x', true],
  ['*\n!keep', 'a/keep', false],
  ['out\n!out/keep', 'a/out/keep', true],
  ['[ab]x', 'a/bx', true],
  ['[!ab]x', 'a/bx', false],
  ['[a-c]?', 'a/cz', true],
  ['\\!x', 'a/!x', true],
  ['# x', 'a/# x', false],
  ['x  ', 'a/x', true],
  ['', 'a/x', false],
  ['/', 'a/x', false],
  ['x', '../x', false],
])('a .gitignore %j beside: %s is ignored: %s', async (text, path, ignored) => {
  expect(await ask({ 'a/.gitignore': text }, path)).toBe(ignored);
});

test('the nearest file decides, and no file re-includes what lies in an ignored directory', async () => {
  expect(await ask({ '.gitignore': 'x\n', 'a/.gitignore': '!x\n' }, 'a/x')).toBe(false);
  expect(await ask({ '.gitignore': 'a\n', 'a/.gitignore': '!x\n' }, 'a/x')).toBe(true);
});

test('a pattern of many wildcards takes no time', async () => {
  const started = Date.now();
  expect(await ask({ '.gitignore': `${'*a'.repeat(2000)}b\n` }, 'a'.repeat(4000))).toBe(false);
  expect(Date.now() - started).toBeLessThan(5000);
});
