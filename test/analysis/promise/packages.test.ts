import { describe, expect, test } from 'vitest';
import { readPackages } from '../../../src/analysis/promise/packages.ts';
import { imagePath } from '../../../src/shared/image-path.ts';
import { memoryTree } from '../../support/memory-tree.ts';

const STATUS = `Package: app
Status: install ok installed
Version: 1
Pre-Depends: libc6 (>= 2.36)
Depends: liba:any (= 1), mail-agent | exim4,
 python3-b (>= 3), gone

Package: liba
Status: install ok installed
Version: 1

Package: libc6
Status: install ok installed
Version: 2

Package: postfix
Status: install ok installed
Provides: mail-agent (= 1), other-agent

Package: python3-b
Status: install ok installed

Package: gone
Status: deinstall ok config-files
`;

describe('packages of dpkg', () => {
  const packages = readPackages(
    memoryTree({
      '/var/lib/dpkg/status': STATUS,
      '/var/lib/dpkg/info/app:amd64.list': '/.\n/usr\n/usr/bin\n/usr/bin/app\n/lib/app.so\n',
      '/usr/bin/app': 'x',
      '/lib': 'symlink usr/lib',
      '/usr/lib/app.so': 'x',
    }),
  );

  test('own files by the place where these lie', () => {
    expect(packages.names).toEqual(['app']);
    expect(packages.filesOf('app')).toEqual(['/usr/bin/app', '/usr/lib/app.so']);
    expect(packages.ownerOf(imagePath('/usr/lib/app.so'))).toBe('app');
    expect(packages.ownerOf(imagePath('/usr/lib'))).toBeUndefined();
    expect(packages.hasDirectory(imagePath('/usr/bin'))).toBe(true);
    expect(packages.hasDirectory(imagePath('/usr/bin/app'))).toBe(false);
    expect(packages.hasDirectory(imagePath('/usr/lib'))).toBe(false);
    expect(packages.filesOf('none')).toEqual([]);
  });

  test('depend on what is installed, by its name or by what it provides', () => {
    expect(packages.dependsOf('app')).toEqual(['libc6', 'liba', 'postfix', 'python3-b']);
    expect(packages.dependsOf('liba')).toEqual([]);
    expect(packages.dependsOf('none')).toEqual([]);
  });
});

test("apk's packages depend on names, libraries and commands that others provide", () => {
  const database = `P:app
V:1
D:so:libz.so.1 ca-certificates>2 !conflict cmd:sh
F:usr/bin
R:app

P:zlib
V:1
p:so:libz.so.1=1.3.1

P:busybox
V:1
p:cmd:sh=1 cmd:ls=1

P:ca-certificates
V:3
`;
  const packages = readPackages(memoryTree({ '/lib/apk/db/installed': database, '/usr/bin/app': 'x' }));
  expect(packages.dependsOf('app')).toEqual(['zlib', 'ca-certificates', 'busybox']);
  expect(packages.filesOf('app')).toEqual(['/usr/bin/app']);
  expect(packages.hasDirectory(imagePath('/usr/bin'))).toBe(true);
});

test('without a package manager there are no packages', () => {
  const packages = readPackages(memoryTree({ '/bin/app': 'x' }));
  expect(packages.names).toEqual([]);
  expect(packages.ownerOf(imagePath('/bin/app'))).toBeUndefined();
});
