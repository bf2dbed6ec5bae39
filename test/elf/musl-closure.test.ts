import { describe, expect, test } from 'vitest';
import { resolveClosure } from '../../src/elf/resolve-closure.ts';
import { library, loadedBy, muslProgram, muslTree } from '../support/loader-trees.ts';

const LIB = library({ soname: 'liba.so' });

describe('musl', () => {
  const everywhere = {
    '/env/liba.so': LIB,
    '/rpath/liba.so': LIB,
    '/lib/liba.so': LIB,
    '/usr/local/lib/liba.so': LIB,
    '/usr/lib/liba.so': LIB,
  };

  test.each<[string, string[], string]>([
    ['LD_LIBRARY_PATH first', [], 'library-path /env/liba.so'],
    ['then RPATH', ['/env/liba.so'], 'rpath /rpath/liba.so'],
    ['then /lib', ['/env/liba.so', '/rpath/liba.so'], 'default /lib/liba.so'],
    [
      'then /usr/local/lib',
      ['/env/liba.so', '/rpath/liba.so', '/lib/liba.so'],
      'default /usr/local/lib/liba.so',
    ],
  ])('%s', (_, gone, expected) => {
    const table = Object.fromEntries(Object.entries(everywhere).filter(([path]) => !gone.includes(path)));
    const tree = muslTree({ '/bin/app': muslProgram(['liba.so'], { rpath: '/rpath' }), ...table });
    expect(loadedBy(tree, '/bin/app', { libraryPath: '/env' })).toEqual([`liba.so ${expected}`]);
  });

  test('a RUNPATH is inherited like an RPATH', () => {
    const tree = muslTree({
      '/bin/app': muslProgram(['libmid.so'], { runpath: '/p' }),
      '/p/libmid.so': library({ needed: ['libdeep.so'], runpath: '/none' }),
      '/p/libdeep.so': library(),
    });
    expect(loadedBy(tree, '/bin/app')).toEqual([
      'libmid.so runpath /p/libmid.so',
      'libdeep.so runpath /p/libdeep.so',
    ]);
  });

  test.each(['libc.so', 'libc.musl-x86_64.so.1', 'libpthread.so.0', 'libm.so.6', 'libdl.so.2'])(
    '%s is libc itself',
    (name) => {
      const tree = muslTree({ '/bin/app': muslProgram([name]), [`/lib/x/${name}`]: LIB });
      const closure = resolveClosure(tree, ['/bin/app']);
      expect(closure).toMatchObject({ libc: 'musl', missing: [] });
      expect(closure.objects.map(({ realPath }) => realPath)).toEqual(['/bin/app', '/lib/libc.so']);
    },
  );

  test('another libc by its path is libc itself', () => {
    const symbols = ['__libc_start_main', 'stdin'].map((name) => ({ name, defined: true }));
    const tree = muslTree({
      '/bin/app': muslProgram(['/opt/libc6.so']),
      '/opt/libc6.so': library({ symbols }),
    });
    expect(resolveClosure(tree, ['/bin/app']).objects.map(({ realPath }) => realPath)).toEqual([
      '/bin/app',
      '/lib/libc.so',
    ]);
  });

  test('the path file replaces the default directories, and has to be kept', () => {
    const tree = muslTree({
      '/bin/app': muslProgram(['liba.so', 'libb.so']),
      '/etc/ld-musl-x86_64.path': '/one\n/two:/three\n',
      '/three/liba.so': LIB,
      '/lib/libb.so': LIB,
    });
    const closure = resolveClosure(tree, ['/bin/app']);
    expect(loadedBy(tree, '/bin/app')).toEqual(['liba.so musl-path /three/liba.so']);
    expect(closure.missing.map(({ name }) => name)).toEqual(['libb.so']);
    expect(closure.configuration).toEqual([
      { kind: 'musl-path', path: '/etc/ld-musl-x86_64.path', links: [] },
    ]);
  });

  test('a soname says nothing: two files of one soname are two objects', () => {
    const tree = muslTree({
      '/bin/app': muslProgram(['libone.so', 'libtwo.so']),
      '/lib/libone.so': library({ soname: 'libtwo.so' }),
      '/lib/libtwo.so': library({ soname: 'libtwo.so' }),
    });
    expect(loadedBy(tree, '/bin/app')).toHaveLength(2);
  });

  test('one file under two names is one object', () => {
    const tree = muslTree({
      '/bin/app': muslProgram(['/lib/liba.so', 'libother.so', 'liba.so']),
      '/lib/liba.so': LIB,
      '/lib/libother.so': 'symlink liba.so',
    });
    expect(loadedBy(tree, '/bin/app')).toHaveLength(1);
  });

  test('any token but $ORIGIN drops the whole RPATH', () => {
    const table = { '/opt/lib/liba.so': LIB };
    const good = muslTree({
      '/opt/bin/app': muslProgram(['liba.so'], { rpath: '$ORIGIN/../lib' }),
      ...table,
    });
    expect(loadedBy(good, '/opt/bin/app')).toEqual(['liba.so rpath /opt/bin/../lib/liba.so']);
    const bad = muslTree({ '/opt/bin/app': muslProgram(['liba.so'], { rpath: '/opt/lib:$LIB' }), ...table });
    expect(resolveClosure(bad, ['/opt/bin/app'])).toMatchObject({
      missing: [{ name: 'liba.so' }],
      diagnostics: [{ code: 'token-unknown' }],
    });
  });

  test.each([
    ['text', 'text'],
    ['another machine', library({ machine: 183 })],
    ['a circle of links', 'symlink liba.so'],
  ])('the first file of the name ends the search, be it %s', (_, bytes) => {
    const tree = muslTree({
      '/bin/app': muslProgram(['liba.so'], { rpath: '/odd' }),
      '/odd/liba.so': bytes,
      '/lib/liba.so': LIB,
    });
    expect(resolveClosure(tree, ['/bin/app']).missing).toMatchObject([
      { name: 'liba.so', refused: { path: '/odd/liba.so' } },
    ]);
  });

  test('preloads have no RPATH, what is opened has the program’s', () => {
    const tree = muslTree({ '/bin/app': muslProgram([], { rpath: '/p' }), '/p/liba.so': LIB });
    expect(resolveClosure(tree, ['/bin/app'], { preload: 'liba.so' }).missing).toMatchObject([
      { request: 'preload' },
    ]);
    expect(loadedBy(tree, ['/bin/app', 'liba.so'])).toEqual(['liba.so rpath /p/liba.so']);
  });

  test('a library that asks for musl’s libc is resolved by musl', () => {
    const tree = muslTree({ '/lib/libx.so': library({ needed: ['libc.musl-x86_64.so.1'] }) });
    expect(resolveClosure(tree, ['/lib/libx.so'])).toMatchObject({ libc: 'musl', missing: [] });
  });
});
