import { expect, test } from 'vitest';
import { comparePackages, readApk, readDpkg } from '../../src/refresh/packages.ts';
import { whatChanged } from '../../src/refresh/what-changed.ts';
import { emptyResult } from '../../src/slim/result.ts';
import type { UnitState } from '../../src/slim/state/state.ts';

test('what dpkg has installed is read from its status, and not what it has removed', () => {
  const text = `Package: libc6
Status: install ok installed
Description: a library
 Version: not this one
Version: 2.36-9+deb12u4

Package: gone
Status: deinstall ok config-files
Version: 1

Package: held
Status: hold ok installed
Version: 2:1.0~rc1
`;
  expect(readDpkg(text)).toEqual([
    ['libc6', '2.36-9+deb12u4'],
    ['held', '2:1.0~rc1'],
  ]);
});

test('what apk has installed is read from its database', () => {
  expect(readApk('C:Q1=\nP:musl\nV:1.2.4-r2\nA:x86_64\n\nP:zlib\nV:1.3-r0\n')).toEqual([
    ['musl', '1.2.4-r2'],
    ['zlib', '1.3-r0'],
  ]);
});

test('packages come, go and change', () => {
  expect(comparePackages({ a: '1', b: '1', c: '1' }, { b: '2', c: '1', d: '1' })).toEqual({
    added: ['d'],
    removed: ['a'],
    changed: [{ name: 'b', from: '1', to: '2' }],
  });
});

const stateOf = (bytes: number, ...paths: string[]): UnitState => ({
  schema: 'kraft-slim/state/1',
  entry: 'a',
  written: {},
  result: { ...emptyResult('a'), after: { files: paths.length, bytes } },
  kept: paths.map((path) => ({ path, reasons: [] })),
  missed: [],
  fingerprint: null,
});

test('what has changed is reported as far as both sides are known', () => {
  const before = { state: stateOf(10, '/a', '/b'), packages: null };
  const after = { state: stateOf(20, '/b', '/d', '/c'), packages: { x: '1' } };
  expect(whatChanged(before, after)).toEqual({
    files: { added: ['/c', '/d'], removed: ['/a'] },
    before: { files: 2, bytes: 10 },
    after: { files: 3, bytes: 20 },
    packages: null,
  });
  expect(whatChanged({ state: undefined, packages: {} }, after)).toMatchObject({
    files: null,
    before: null,
    packages: { added: ['x'] },
  });
});
