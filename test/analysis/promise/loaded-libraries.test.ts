import { describe, expect, test } from 'vitest';
import { loadedLibraries } from '../../../src/analysis/promise/loaded-libraries.ts';
import type { PromiseContext } from '../../../src/analysis/promise/rule.ts';
import { imagePath } from '../../../src/shared/image-path.ts';
import { buildCache } from '../../support/cache-builder.ts';
import { promiseContext } from '../../support/promise-context.ts';

const SODIUM = '/lib/x86_64-linux-gnu/libsodium.so.23';
const LOCAL = '/usr/local/lib/libown.so.1';

const TREE = {
  [SODIUM]: 'a library',
  [LOCAL]: 'a library',
  '/lib/libmusl.so.1': 'a library',
  '/opt/lib/libopt.so.2': 'a library',
  '/sbin/ldconfig': 'a program',
  '/bin/sh': 'a shell',
  '/etc/ld.so.cache': buildCache([
    { name: 'libsodium.so.23', path: SODIUM },
    { name: 'libown.so.1', path: LOCAL },
    { name: 'libgone.so.1', path: '/lib/libgone.so.1' },
  ]),
};

/** What the rule keeps of an app whose source holds a text. */
async function keptBy(
  source: string,
  {
    file = '/srv/app.py',
    more = {},
    ...given
  }: { file?: string; more?: object } & Partial<PromiseContext> = {},
): Promise<string[]> {
  const context = promiseContext(
    { ...TREE, '/usr/bin/python3': 'x', [file]: source, ...more },
    { opened: [file, '/usr/bin/python3'], env: { LD_LIBRARY_PATH: '/opt/lib' } },
  );
  return [...(await loadedLibraries.needs({ ...context, ...given }))].sort();
}

describe('a library that a source loads by name', () => {
  test.each([
    ['ctypes', '/srv/app.py', 'lib = ctypes.CDLL("libsodium.so.23")'],
    ['ctypes, by its path', '/srv/app.py', "lib = CDLL('/usr/lib/x86_64-linux-gnu/libsodium.so.23')"],
    ['Fiddle', '/srv/app.rb', "lib = Fiddle.dlopen('libsodium.so.23')"],
    ['FFI of PHP', '/srv/app.php', '$ffi = FFI::cdef($header, "libsodium.so.23");'],
    ['FFI of Lua', '/srv/app.lua', 'local lib = ffi.load("sodium")'],
    ['FFI of Ruby', '/srv/app.rb', "ffi_lib 'sodium'"],
    ['a script without an ending', '/srv/app', 'exec load "libsodium.so.23"'],
  ])('stays for %s', async (_, file, source) => {
    expect(await keptBy(source, { file })).toEqual([SODIUM]);
  });

  test('stays where the environment has the linker look', async () => {
    expect(await keptBy('CDLL("libopt.so.2")')).toEqual(['/opt/lib/libopt.so.2']);
  });

  test('is no second copy of a library that is needed already', async () => {
    const needs = [{ path: imagePath(SODIUM), reason: { kind: 'traced', how: 'opened' } }] as const;
    expect(await keptBy('CDLL("libsodium.so.23")', { needs })).toEqual([]);
  });

  test('stays where musl looks', async () => {
    expect(await keptBy('CDLL("libmusl.so.1")')).toEqual(['/lib/libmusl.so.1']);
  });

  test('stays with the cache that alone leads to it', async () => {
    expect(await keptBy('CDLL("libown.so.1")')).toEqual(['/etc/ld.so.cache', LOCAL]);
  });

  test.each([
    ['a library that is not there', 'CDLL("libgone.so.1")'],
    ['another version', 'CDLL("libsodium.so.18")'],
    ['a word that is no library', 'print("sodium")'],
    ['a name that begins alike', 'find("libsodium.so.230")'],
  ])('%s keeps nothing', async (_, source) => {
    expect(await keptBy(source)).toEqual([]);
  });

  test('does not stay for a source of the distribution', async () => {
    const file = '/usr/share/tool/tool.py';
    const context = promiseContext(
      { ...TREE, [file]: 'CDLL("libsodium.so.23")' },
      { opened: [file], base: [file] },
    );
    expect(await loadedLibraries.needs(context)).toEqual([]);
  });
});

describe('find_library of ctypes', () => {
  test('needs ldconfig and its cache beside the library', async () => {
    expect(await keptBy('name = find_library("sodium")')).toEqual([
      '/etc/ld.so.cache',
      SODIUM,
      '/sbin/ldconfig',
    ]);
  });

  test('needs ldconfig where the name is a variable', async () => {
    expect(await keptBy('name = ctypes.util.find_library(which)')).toEqual([
      '/etc/ld.so.cache',
      '/sbin/ldconfig',
    ]);
  });

  test('needs what the script of Ubuntu runs', async () => {
    const more = { '/sbin/ldconfig.real': 'a program' };
    expect(await keptBy('find_library(which)', { more })).toEqual([
      '/bin/sh',
      '/etc/ld.so.cache',
      '/sbin/ldconfig',
      '/sbin/ldconfig.real',
    ]);
  });

  test.each([
    ['of Python is', '/usr/bin/python3.11', ['/etc/ld.so.cache', '/sbin/ldconfig']],
    ['of another language is not', '/usr/bin/perl', []],
  ])('%s part of the promise of a runtime', async (_, program, kept) => {
    const more = { [program]: 'x', '/usr/lib/python3.11/os.py': 'x' };
    expect(await keptBy('', { more, programs: [imagePath(program)], promise: 'runtime' })).toEqual(kept);
  });
});
