import { describe, expect, test } from 'vitest';
import { resolveClosure } from '../../src/elf/resolve-closure.ts';
import { buildCache } from '../support/cache-builder.ts';
import { DF_1_NODEFLIB, DF_1_PIE } from '../support/elf-builder.ts';
import { glibcTree, library, loadedBy, program } from '../support/loader-trees.ts';

const LIB = library({ soname: 'liba.so' });

describe('the order of glibc', () => {
  const everywhere = {
    '/rpath/liba.so': LIB,
    '/env/liba.so': LIB,
    '/runpath/liba.so': LIB,
    '/cached/liba.so': LIB,
    '/lib/liba.so': LIB,
    '/usr/lib/liba.so': LIB,
    '/etc/ld.so.cache': buildCache([{ name: 'liba.so', path: '/cached/liba.so' }]),
  };
  const order: [string, { rpath?: string; runpath?: string }, string[], string][] = [
    ['RPATH', { rpath: '/rpath' }, [], 'liba.so rpath /rpath/liba.so'],
    [
      'RPATH, which a RUNPATH silences',
      { rpath: '/rpath', runpath: '/none' },
      [],
      'liba.so library-path /env/liba.so',
    ],
    ['LD_LIBRARY_PATH before RUNPATH', { runpath: '/runpath' }, [], 'liba.so library-path /env/liba.so'],
    [
      'RUNPATH before the cache',
      { runpath: '/runpath' },
      ['/env/liba.so'],
      'liba.so runpath /runpath/liba.so',
    ],
    ['the cache before the defaults', {}, ['/env/liba.so'], 'liba.so cache /cached/liba.so'],
    [
      'the defaults, past a stale cache',
      {},
      ['/env/liba.so', '/cached/liba.so'],
      'liba.so default /lib/liba.so',
    ],
    [
      'the second default',
      {},
      ['/env/liba.so', '/etc/ld.so.cache', '/lib/liba.so'],
      'liba.so default /usr/lib/liba.so',
    ],
  ];
  test.each(order)('%s', (_, paths, gone, expected) => {
    const table = Object.fromEntries(Object.entries(everywhere).filter(([path]) => !gone.includes(path)));
    const tree = glibcTree({ '/bin/app': program(['liba.so'], paths), ...table });
    expect(loadedBy(tree, '/bin/app', { libraryPath: '/env' })).toEqual([expected]);
  });

  test('RPATH is inherited from the object that caused the load, RUNPATH is not', () => {
    const table = {
      '/p/libmid.so': library({ soname: 'libmid.so', needed: ['libdeep.so'] }),
      '/p/libdeep.so': library({ soname: 'libdeep.so' }),
    };
    const rpath = glibcTree({ '/bin/app': program(['libmid.so'], { rpath: '/p' }), ...table });
    expect(loadedBy(rpath, '/bin/app')).toEqual([
      'libmid.so rpath /p/libmid.so',
      'libdeep.so rpath /p/libdeep.so',
    ]);
    const runpath = glibcTree({ '/bin/app': program(['libmid.so'], { runpath: '/p' }), ...table });
    expect(resolveClosure(runpath, ['/bin/app']).missing).toMatchObject([
      { name: 'libdeep.so', neededBy: '/p/libmid.so', searched: ['/lib/libdeep.so', '/usr/lib/libdeep.so'] },
    ]);
  });

  test('an object with a RUNPATH takes no other object’s RPATH', () => {
    const tree = glibcTree({
      '/bin/app': program(['libmid.so'], { rpath: '/p' }),
      '/p/libmid.so': library({ soname: 'libmid.so', needed: ['libdeep.so'], runpath: '/none' }),
      '/p/libdeep.so': LIB,
    });
    expect(resolveClosure(tree, ['/bin/app']).missing.map(({ name }) => name)).toEqual(['libdeep.so']);
  });

  test('the first object of a soname serves all who ask for it by that name', () => {
    const tree = glibcTree({
      '/bin/app': program(['libw.so.1', 'libx.so'], { runpath: '/one' }),
      '/one/libw.so.1': library({ soname: 'libw.so.1' }),
      '/one/libx.so': library({ soname: 'libx.so', needed: ['libw.so.1'], runpath: '/two' }),
      '/two/libw.so.1': library({ soname: 'libw.so.1' }),
    });
    const closure = resolveClosure(tree, ['/bin/app']);
    expect(closure.objects.map(({ realPath }) => realPath)).not.toContain('/two/libw.so.1');
    const shared = closure.objects.find(({ realPath }) => realPath === '/one/libw.so.1');
    expect(shared?.neededBy).toEqual(['/bin/app', '/one/libx.so']);
    expect(shared?.lookups).toHaveLength(1);
  });

  test('breadth first: what the program needs comes before what its libraries need', () => {
    const tree = glibcTree({
      '/bin/app': program(['libb.so', 'libc.so']),
      '/lib/libb.so': library({ needed: ['libd.so'] }),
      '/lib/libc.so': library({ needed: ['libb.so'] }),
      '/lib/libd.so': library({ needed: ['libb.so'] }),
    });
    expect(loadedBy(tree, '/bin/app').map((line) => line.split(' ')[0])).toEqual([
      'libb.so',
      'libc.so',
      'libd.so',
    ]);
  });

  test('DF_1_NODEFLIB shuts out the defaults, also by way of the cache', () => {
    const spec = { flags1: DF_1_PIE | DF_1_NODEFLIB };
    const cache = buildCache([{ name: 'liba.so', path: '/lib/liba.so' }]);
    const tree = glibcTree({
      '/bin/app': program(['liba.so'], spec),
      '/lib/liba.so': LIB,
      '/etc/ld.so.cache': cache,
    });
    expect(resolveClosure(tree, ['/bin/app']).missing).toHaveLength(1);
    const elsewhere = buildCache([{ name: 'liba.so', path: '/opt/liba.so' }]);
    const opened = glibcTree({
      '/bin/app': program(['liba.so'], spec),
      '/opt/liba.so': LIB,
      '/etc/ld.so.cache': elsewhere,
    });
    expect(loadedBy(opened, '/bin/app')).toEqual(['liba.so cache /opt/liba.so']);
  });

  test('LD_LIBRARY_PATH takes semicolons, and an empty element is the current directory', () => {
    const tree = glibcTree({ '/bin/app': program(['liba.so']), '/srv/liba.so': LIB, '/two/liba.so': LIB });
    expect(loadedBy(tree, '/bin/app', { libraryPath: '/one;/two' })).toEqual([
      'liba.so library-path /two/liba.so',
    ]);
    const cwd = '/srv' as never;
    expect(loadedBy(tree, '/bin/app', { libraryPath: '/one:', cwd })).toEqual([
      'liba.so library-path /srv/liba.so',
    ]);
  });
});
