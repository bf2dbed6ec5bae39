import { describe, expect, test } from 'vitest';
import { packageOwners } from '../../src/analysis/package-owners.ts';
import { memoryTree, type TreeTable } from '../support/memory-tree.ts';

const ownersOf = (table: TreeTable) => Object.fromEntries(packageOwners(memoryTree(table)));

describe("dpkg's lists", () => {
  test('own files and links by the place where they lie, by the name of the package alone', () => {
    const owners = ownersOf({
      '/lib': 'symlink usr/lib',
      '/usr/lib/libz.so.1': 'symlink libz.so.1.2.13',
      '/usr/lib/libz.so.1.2.13': 'x',
      '/usr/bin/app': 'x',
      '/var/lib/dpkg/info/zlib1g:amd64.list': '/.\n/lib\n/lib/libz.so.1\n/lib/libz.so.1.2.13\n',
      '/var/lib/dpkg/info/app.list': '/.\n/usr\n/usr/bin\n/usr/bin/app\n',
      '/var/lib/dpkg/info/app.md5sums': 'x  usr/bin/app\n',
    });
    expect(owners).toMatchObject({
      '/usr/lib/libz.so.1': 'zlib1g',
      '/usr/lib/libz.so.1.2.13': 'zlib1g',
      '/usr/bin/app': 'app',
    });
  });

  test('own no directory, and nothing that is gone', () => {
    const owners = ownersOf({
      '/usr/share/doc/app': 'directory',
      '/var/lib/dpkg/info/app.list': '/.\n/usr/share/doc/app\n/usr/share/gone\n\n',
    });
    expect(owners).toEqual({});
  });
});

test("apk's database owns files by the folder that stands above them", () => {
  const database = [
    'C:Q1abc=',
    'P:musl',
    'V:1.2.4-r2',
    'F:lib',
    'R:ld-musl-x86_64.so.1',
    'a:0:0:755',
    'Z:Q1def=',
    '',
    'P:app',
    'F:etc',
    'F:etc/app',
    'R:app.conf',
    'F:usr/bin',
    'R:app',
    '',
  ];
  const owners = ownersOf({
    '/lib/ld-musl-x86_64.so.1': 'x',
    '/etc/app/app.conf': 'x',
    '/usr/bin/app': 'x',
    '/usr/bin/own': 'x',
    '/lib/apk/db/installed': database.join('\n'),
  });
  expect(owners).toEqual({
    '/lib/ld-musl-x86_64.so.1': 'musl',
    '/etc/app/app.conf': 'app',
    '/usr/bin/app': 'app',
  });
});

test('an image without a package manager owns nothing', () => {
  expect(ownersOf({ '/bin/app': 'x' })).toEqual({});
});
