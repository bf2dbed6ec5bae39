import { describe, expect, test } from 'vitest';
import { resolveClosure } from '../../src/elf/resolve-closure.ts';
import { buildCache } from '../support/cache-builder.ts';
import { buildElf } from '../support/elf-builder.ts';
import { glibcTree, library, loadedBy, program } from '../support/loader-trees.ts';

const LIB = library({ soname: 'liba.so' });

describe('names and paths', () => {
  test('links are listed in order, the real path has none', () => {
    const tree = glibcTree({
      '/bin': 'symlink usr/bin',
      '/lib': 'symlink usr/lib',
      '/usr/bin/app': program(['liba.so.1']),
      '/usr/lib/liba.so.1': 'symlink liba.so.1.2',
      '/usr/lib/liba.so.1.2': library({ soname: 'liba.so.1' }),
    });
    const { objects } = resolveClosure(tree, ['/bin/app']);
    expect(objects[0]?.lookups[0]).toMatchObject({
      path: '/bin/app',
      realPath: '/usr/bin/app',
      links: ['/bin'],
    });
    expect(objects[2]).toMatchObject({
      realPath: '/usr/lib/liba.so.1.2',
      lookups: [{ path: '/lib/liba.so.1', links: ['/lib', '/usr/lib/liba.so.1'] }],
    });
  });

  test('one file under two names is loaded once, and both names keep their links', () => {
    const tree = glibcTree({
      '/bin/app': program(['libreal.so', 'libalias.so', '/lib/../lib/libalias.so']),
      '/lib/libreal.so': library(),
      '/lib/libalias.so': 'symlink libreal.so',
    });
    const { objects } = resolveClosure(tree, ['/bin/app']);
    expect(objects).toHaveLength(3);
    expect(objects[2]?.lookups.map(({ path, links }) => [path, ...links])).toEqual([
      ['/lib/libreal.so'],
      ['/lib/libalias.so', '/lib/libalias.so'],
      ['/lib/../lib/libalias.so', '/lib/libalias.so'],
    ]);
  });

  test.each([
    ['$ORIGIN/../lib', '/opt/app/lib/liba.so'],
    ['\x24{ORIGIN}/../lib', '/opt/app/lib/liba.so'],
    ['/usr/$LIB', '/usr/lib/liba.so'],
    ['/p/$PLATFORM', '/p/x86_64/liba.so'],
    ['$ORIGINAL:/q', '/q/liba.so'],
  ])('RUNPATH %s leads to %s', (runpath, expected) => {
    const tree = glibcTree({ '/opt/app/bin/app': program(['liba.so'], { runpath }), [expected]: LIB });
    const { objects } = resolveClosure(tree, ['/opt/app/bin/app'], { useCache: false });
    expect(objects[2]?.realPath).toBe(expected);
  });

  test('the directories left by .. are named', () => {
    const tree = glibcTree({
      '/opt/bin/app': program(['liba.so'], { runpath: '$ORIGIN/../lib' }),
      '/opt/lib/liba.so': LIB,
    });
    expect(resolveClosure(tree, ['/opt/bin/app']).objects[2]?.lookups[0]?.through).toEqual(['/opt/bin']);
  });

  test('$ORIGIN of the program is where its links lead, that of a library is where it was opened', () => {
    const table = {
      '/link/app': 'symlink ../real/app',
      '/real/app': program(['liba.so'], { runpath: '$ORIGIN/lib' }),
      '/real/lib': 'symlink ../store',
      '/store/liba.so': library({ soname: 'liba.so', needed: ['libb.so'], runpath: '$ORIGIN/sub' }),
      '/store/sub/libb.so': library({ soname: 'libb.so' }),
    };
    const paths = (minor: number) => loadedBy(glibcTree(table, minor), '/link/app');
    expect(paths(36)).toEqual(['liba.so runpath /real/lib/liba.so', 'libb.so runpath /real/lib/sub/libb.so']);
    expect(paths(42)).toEqual(['liba.so runpath /real/lib/liba.so', 'libb.so runpath /store/sub/libb.so']);
  });

  test('without /proc the program’s $ORIGIN is unknown, unless LD_ORIGIN_PATH says it', () => {
    const tree = glibcTree({
      '/opt/app': program(['liba.so'], { runpath: '$ORIGIN/lib' }),
      '/opt/lib/liba.so': LIB,
    });
    const closure = resolveClosure(tree, ['/opt/app'], { procfs: false });
    expect(closure.missing.map(({ name }) => name)).toEqual(['liba.so']);
    expect(closure.diagnostics).toMatchObject([{ code: 'token-unknown', path: '/opt/app' }]);
    expect(loadedBy(tree, '/opt/app', { procfs: false, originPath: '/opt/' })).toHaveLength(1);
  });

  test('a need with tokens and a slash is a path', () => {
    const tree = glibcTree({ '/opt/app': program(['$ORIGIN/x/liba.so']), '/opt/x/liba.so': LIB });
    expect(loadedBy(tree, '/opt/app')).toEqual(['/opt/x/liba.so slash /opt/x/liba.so']);
  });

  test('the loader itself is needed by soname without a search', () => {
    const tree = glibcTree({
      '/bin/app': program(['liba.so']),
      '/lib/liba.so': library({ needed: ['ld-linux-x86-64.so.2'] }),
    });
    const closure = resolveClosure(tree, ['/bin/app']);
    expect(closure.missing).toEqual([]);
    expect(closure.objects[1]).toMatchObject({ neededBy: ['/bin/app', '/lib/liba.so'] });
  });
});

describe('files that are not what they should be', () => {
  const other = (spec: object) => library({ soname: 'liba.so', ...spec });

  test.each<[string, Uint8Array]>([
    ['another class', other({ bits: 32 })],
    ['another machine', other({ machine: 183 })],
  ])('the search passes over %s', (_, bytes) => {
    const tree = glibcTree({
      '/bin/app': program(['liba.so'], { runpath: '/odd' }),
      '/odd/liba.so': bytes,
      '/lib/liba.so': LIB,
    });
    expect(loadedBy(tree, '/bin/app')).toEqual(['liba.so default /lib/liba.so']);
  });

  test.each<[string, Uint8Array | string, RegExp]>([
    ['a linker script', 'INPUT(liba.so.1)', /no ELF magic/],
    ['a directory', 'directory', /directory/],
    ['the other byte order', other({ littleEndian: false }), /byte order/],
    ['a foreign OS ABI', other({ osAbi: 9 }), /OS ABI/],
    ['an object file', other({ type: 1, dynamic: false }), /ET_DYN/],
    ['a program', program([]), /position-independent executable/],
    ['a fixed program', other({ type: 2 }), /cannot dynamically load executable/],
    ['debug information', other({ dynamic: false }), /no dynamic section/],
  ])('the loader gives up on %s', (_, bytes, reason) => {
    const tree = glibcTree({
      '/bin/app': program(['liba.so'], { runpath: '/odd' }),
      '/odd/liba.so': bytes,
      '/lib/liba.so': LIB,
    });
    const { missing } = resolveClosure(tree, ['/bin/app']);
    expect(missing).toMatchObject([{ name: 'liba.so', refused: { path: '/odd/liba.so' } }]);
    expect(missing[0]?.refused?.reason).toMatch(reason);
  });

  test('links in a circle end their list of directories, not the search', () => {
    const tree = glibcTree({
      '/bin/app': program(['liba.so'], { runpath: '/odd:/good' }),
      '/odd/liba.so': 'symlink liba.so',
      '/good/liba.so': LIB,
      '/lib/liba.so': LIB,
    });
    expect(loadedBy(tree, '/bin/app')).toEqual(['liba.so default /lib/liba.so']);
  });

  test('a cache that cannot be read counts as none', () => {
    const tree = glibcTree({
      '/bin/app': program(['liba.so']),
      '/lib/liba.so': LIB,
      '/etc/ld.so.cache': 'rubbish',
    });
    const closure = resolveClosure(tree, ['/bin/app']);
    expect(closure.diagnostics).toMatchObject([{ code: 'cache-unreadable' }]);
    expect(closure.missing).toEqual([]);
  });
});

describe('the report', () => {
  test('a missing library says who needs it and where it was looked for', () => {
    const tree = glibcTree({
      '/bin/app': program(['libgone.so'], { runpath: '/run' }),
      '/etc/ld.so.cache': buildCache([]),
    });
    expect(resolveClosure(tree, ['/bin/app'], { libraryPath: '/env' }).missing).toEqual([
      {
        request: 'needed',
        name: 'libgone.so',
        neededBy: '/bin/app',
        searched: [
          '/env/libgone.so',
          '/run/libgone.so',
          '/etc/ld.so.cache: not there',
          '/lib/libgone.so',
          '/usr/lib/libgone.so',
        ],
        refused: null,
      },
    ]);
  });

  test('only what the defaults would not find needs the cache', () => {
    const tree = glibcTree({
      '/bin/app': program(['liba.so', 'libb.so', 'libc.so']),
      '/opt/liba.so': LIB,
      '/lib/libb.so': library({ soname: 'libb.so' }),
      '/opt/libc.so': library({ soname: 'libc.so' }),
      '/lib/libc.so': library({ soname: 'libc.so' }),
      '/etc/ld.so.cache': buildCache([
        { name: 'libc.so', path: '/opt/libc.so' },
        { name: 'libb.so', path: '/lib/libb.so' },
        { name: 'liba.so', path: '/opt/liba.so' },
      ]),
    });
    const closure = resolveClosure(tree, ['/bin/app']);
    expect(closure.cacheNeeded).toEqual([
      { name: 'liba.so', neededBy: '/bin/app', realPath: '/opt/liba.so', withoutCache: null },
      { name: 'libc.so', neededBy: '/bin/app', realPath: '/opt/libc.so', withoutCache: '/lib/libc.so' },
    ]);
    expect(closure.configuration).toEqual([{ kind: 'cache', path: '/etc/ld.so.cache', links: [] }]);
    expect(resolveClosure(tree, ['/bin/app'], { libraryPath: '/opt' })).toMatchObject({
      cacheNeeded: [],
      configuration: [],
    });
  });

  test('a missing interpreter is reported, and the rest is resolved all the same', () => {
    const tree = glibcTree({
      '/bin/app': program(['liba.so'], { interpreter: '/lib/ld-gone.so' }),
      '/lib/liba.so': LIB,
    });
    const closure = resolveClosure(tree, ['/bin/app']);
    expect(closure.missing).toMatchObject([{ request: 'interpreter', name: '/lib/ld-gone.so' }]);
  });

  test.each([
    ['a missing program', '/bin/none', null],
    ['a script', '/bin/script', /no ELF magic/],
    ['a directory', '/bin', /directory/],
    ['an object file', '/bin/x.o', /relocatable/],
  ])('%s is missing', (_, root, reason) => {
    const tree = glibcTree({
      '/bin/script': '#!/bin/sh\n',
      '/bin/x.o': buildElf({ type: 1, dynamic: false }),
    });
    const { missing, objects } = resolveClosure(tree, [root]);
    expect(objects).toEqual([]);
    expect(missing).toMatchObject([{ request: 'program', name: root }]);
    if (reason === null) expect(missing[0]?.refused).toBeNull();
    else expect(missing[0]?.refused?.reason).toMatch(reason);
  });

  test('a static program has no file beside it', () => {
    const tree = glibcTree({ '/bin/app': buildElf({ type: 2, dynamic: false }) });
    expect(resolveClosure(tree, ['/bin/app', '/lib/plugin.so'])).toMatchObject({
      libc: 'none',
      objects: [{ realPath: '/bin/app' }],
      diagnostics: [{ code: 'roots-ignored' }],
    });
  });
});
