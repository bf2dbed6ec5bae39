import { describe, expect, test } from 'vitest';
import { globPaths } from '../../src/elf/glob.ts';
import { readLdSoConf } from '../../src/elf/ld-so-conf.ts';
import { memoryTree } from '../support/memory-tree.ts';

describe('readLdSoConf', () => {
  test('follows includes in order, relative ones from the including file', () => {
    const tree = memoryTree({
      '/etc/ld.so.conf': 'include ld.so.conf.d/*.conf\n/last # behind\n',
      '/etc/ld.so.conf.d/b.conf': '/opt/b/lib/\n',
      '/etc/ld.so.conf.d/a.conf': '# only a comment\n\n  /opt/a/lib=libc6  \n/opt/a/lib2\n',
      '/etc/ld.so.conf.d/.hidden.conf': '/hidden\n',
      '/etc/ld.so.conf.d/readme': '/readme\n',
    });
    expect(readLdSoConf(tree)).toEqual([
      { path: '/opt/a/lib', file: '/etc/ld.so.conf.d/a.conf', line: 3 },
      { path: '/opt/a/lib2', file: '/etc/ld.so.conf.d/a.conf', line: 4 },
      { path: '/opt/b/lib', file: '/etc/ld.so.conf.d/b.conf', line: 1 },
      { path: '/last', file: '/etc/ld.so.conf', line: 2 },
    ]);
  });

  test('hwcap lines say nothing, and files that include each other end', () => {
    const tree = memoryTree({
      '/etc/ld.so.conf': 'hwcap 0 nosegneg\nHWCAP 1 x\ninclude /etc/other /etc/absent\n/includes\n',
      '/etc/other': 'include ld.so.conf other\n/other\n',
    });
    expect(readLdSoConf(tree).map(({ path }) => path)).toEqual(['/other', '/includes']);
  });

  test('no file, no directories', () => {
    expect(readLdSoConf(memoryTree({}))).toEqual([]);
  });
});

describe('globPaths', () => {
  const tree = memoryTree({
    '/etc/d/a.conf': '',
    '/etc/d/b.conf': '',
    '/etc/d/[x].conf': '',
    '/etc/e': 'symlink d',
    '/etc/f/dangling.conf': 'symlink nowhere',
  });

  test.each([
    ['/etc/d/*.conf', ['/etc/d/[x].conf', '/etc/d/a.conf', '/etc/d/b.conf']],
    ['/etc/e/?.conf', ['/etc/e/a.conf', '/etc/e/b.conf']],
    ['/etc/*/[ab].conf', ['/etc/d/a.conf', '/etc/d/b.conf', '/etc/e/a.conf', '/etc/e/b.conf']],
    ['/etc/d/[!a-b]*', ['/etc/d/[x].conf']],
    ['/etc/d/\\[x].conf', ['/etc/d/[x].conf']],
    ['/etc/d/a.conf', ['/etc/d/a.conf']],
    ['/etc/d/*.c*f', ['/etc/d/[x].conf', '/etc/d/a.conf', '/etc/d/b.conf']],
    ['/etc/f/*', []],
    ['/nowhere/*', []],
  ])('%s', (pattern, paths) => {
    expect(globPaths(tree, pattern)).toEqual(paths);
  });

  test('a pattern of many stars ends', () => {
    const long = memoryTree({ [`/${'a'.repeat(200)}`]: '' });
    expect(globPaths(long, `/${'a*'.repeat(60)}b`)).toEqual([]);
  });
});
