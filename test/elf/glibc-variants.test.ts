import { describe, expect, test } from 'vitest';
import { resolveClosure } from '../../src/elf/resolve-closure.ts';
import { imagePath } from '../../src/shared/image-path.ts';
import { buildCache } from '../support/cache-builder.ts';
import { glibcTree, library, loadedBy, program } from '../support/loader-trees.ts';

const LIB = library({ soname: 'liba.so' });

const variantsOf = (closure: ReturnType<typeof resolveClosure>) =>
  closure.variants.map(({ realPath, hwcaps }) => `${hwcaps} ${realPath}`);

describe('variants for better processors', () => {
  const table = {
    '/bin/app': program(['liba.so']),
    '/lib/liba.so': LIB,
    '/lib/glibc-hwcaps/x86-64-v2/liba.so': LIB,
    '/lib/glibc-hwcaps/x86-64-v3/liba.so': library({ soname: 'liba.so', needed: ['libfast.so'] }),
    '/lib/glibc-hwcaps/unknown/liba.so': LIB,
    '/lib/libfast.so': library({ soname: 'libfast.so' }),
    '/lib/tls/haswell/liba.so': LIB,
  };

  test('all that a processor could choose come along, with what only they need', () => {
    const closure = resolveClosure(glibcTree(table, 41), ['/bin/app']);
    expect(closure.objects.map(({ realPath }) => realPath).slice(2)).toEqual(['/lib/liba.so']);
    expect(variantsOf(closure)).toEqual([
      'x86-64-v3 /lib/glibc-hwcaps/x86-64-v3/liba.so',
      'x86-64-v3 /lib/libfast.so',
      'x86-64-v2 /lib/glibc-hwcaps/x86-64-v2/liba.so',
    ]);
  });

  test('legacy subdirectories count up to glibc 2.36, glibc-hwcaps from 2.33 on', () => {
    const legacy = 'tls/haswell /lib/tls/haswell/liba.so';
    expect(variantsOf(resolveClosure(glibcTree(table, 37), ['/bin/app']))).not.toContain(legacy);
    expect(variantsOf(resolveClosure(glibcTree(table, 36), ['/bin/app']))).toContain(legacy);
    expect(variantsOf(resolveClosure(glibcTree(table, 31), ['/bin/app']))).toEqual([legacy]);
  });

  test('they are looked for below relative directories, too', () => {
    const tree = glibcTree({
      '/bin/app': program(['liba.so']),
      '/srv/lib/liba.so': LIB,
      '/srv/lib/glibc-hwcaps/x86-64-v3/liba.so': LIB,
    });
    const closure = resolveClosure(tree, ['/bin/app'], { libraryPath: 'lib', cwd: imagePath('/srv') });
    expect(variantsOf(closure)).toEqual(['x86-64-v3 /srv/lib/glibc-hwcaps/x86-64-v3/liba.so']);
  });

  test('the cache names variants, too', () => {
    const cache = buildCache(
      [
        { name: 'liba.so', path: '/opt/glibc-hwcaps/x86-64-v3/liba.so', hwcapIndex: 0 },
        { name: 'liba.so', path: '/opt/liba.so' },
      ],
      { hwcaps: ['x86-64-v3'] },
    );
    const tree = glibcTree({
      '/bin/app': program(['liba.so']),
      '/opt/liba.so': LIB,
      '/opt/glibc-hwcaps/x86-64-v3/liba.so': LIB,
      '/etc/ld.so.cache': cache,
    });
    const closure = resolveClosure(tree, ['/bin/app']);
    expect(variantsOf(closure)).toEqual(['x86-64-v3 /opt/glibc-hwcaps/x86-64-v3/liba.so']);
    expect(closure.cacheNeeded.map(({ realPath }) => realPath)).toEqual([
      '/opt/liba.so',
      '/opt/glibc-hwcaps/x86-64-v3/liba.so',
    ]);
  });

  test('a library that only better processors have is missing for the others', () => {
    const tree = glibcTree({ '/bin/app': program(['liba.so']), '/lib/glibc-hwcaps/x86-64-v2/liba.so': LIB });
    const closure = resolveClosure(tree, ['/bin/app']);
    expect(closure.missing).toHaveLength(1);
    expect(closure.variants).toHaveLength(1);
  });

  test('$PLATFORM leads every processor to its own directory', () => {
    const tree = glibcTree({
      '/bin/app': program(['liba.so'], { runpath: '/p/$PLATFORM' }),
      '/p/x86_64/liba.so': LIB,
      '/p/haswell/liba.so': LIB,
    });
    const closure = resolveClosure(tree, ['/bin/app']);
    expect(closure.objects[2]?.realPath).toBe('/p/x86_64/liba.so');
    expect(variantsOf(closure)).toEqual(['haswell /p/haswell/liba.so']);
  });

  test('a variant that cannot be loaded is a diagnostic', () => {
    const tree = glibcTree({ ...table, '/lib/glibc-hwcaps/x86-64-v4/liba.so': 'text' });
    const { diagnostics, missing } = resolveClosure(tree, ['/bin/app']);
    expect(missing).toEqual([]);
    expect(diagnostics).toMatchObject([
      { code: 'variant-unloadable', path: '/lib/glibc-hwcaps/x86-64-v4/liba.so' },
    ]);
  });
});

describe('preloads', () => {
  test('LD_PRELOAD and /etc/ld.so.preload come before the needs, by the program’s directories', () => {
    const tree = glibcTree({
      '/bin/app': program(['liba.so'], { runpath: '/run' }),
      '/lib/liba.so': LIB,
      '/run/libp.so': library({ needed: ['libq.so'] }),
      '/lib/libq.so': library(),
      '/opt/libf.so': library(),
      '/etc/ld.so.preload': '# libno.so\n/opt/libf.so:\tlibgone.so # libno.so',
    });
    const preload = 'libp.so /lib/libnone.so';
    expect(loadedBy(tree, '/bin/app', { preload })).toEqual([
      'libp.so runpath /run/libp.so',
      '/opt/libf.so slash /opt/libf.so',
      'liba.so default /lib/liba.so',
      'libq.so default /lib/libq.so',
    ]);
    const closure = resolveClosure(tree, ['/bin/app'], { preload });
    expect(closure.missing.map(({ request, name }) => `${request} ${name}`)).toEqual([
      'preload /lib/libnone.so',
      'preload libgone.so',
    ]);
    expect(closure.configuration).toEqual([{ kind: 'preload-file', path: '/etc/ld.so.preload', links: [] }]);
  });
});

describe('filters', () => {
  test('what a filter stands for has to be there, an auxiliary may be missing', () => {
    const tree = glibcTree({
      '/bin/app': program(['libf.so', 'libx.so']),
      '/lib/libf.so': library({ filters: ['libimpl.so', 'libgone.so'] }),
      '/lib/libx.so': library({ auxiliaries: ['libfast.so', 'libnone.so'] }),
      '/lib/libimpl.so': library(),
      '/lib/libfast.so': library(),
    });
    const closure = resolveClosure(tree, ['/bin/app']);
    expect(closure.missing.map(({ request, name }) => `${request} ${name}`)).toEqual(['filter libgone.so']);
    expect(loadedBy(tree, '/bin/app')).toHaveLength(4);
  });
});

describe('what the program opens itself', () => {
  test('is searched for by the program, and inherits RPATH from it alone', () => {
    const table = {
      '/p/plugin.so': library({ soname: 'plugin.so', needed: ['libdep.so'] }),
      '/p/libdep.so': library({ soname: 'libdep.so' }),
    };
    const rpath = glibcTree({ '/bin/app': program([], { rpath: '/p' }), ...table });
    expect(loadedBy(rpath, ['/bin/app', 'plugin.so'])).toEqual([
      'plugin.so rpath /p/plugin.so',
      'libdep.so rpath /p/libdep.so',
    ]);
    const runpath = glibcTree({ '/bin/app': program([], { runpath: '/p' }), ...table });
    const closure = resolveClosure(runpath, [
      '/bin/app',
      'plugin.so',
      'libnone.so',
      '$ORIGIN/../p/libdep.so',
    ]);
    expect(closure.missing.map(({ request, name }) => `${request} ${name}`)).toEqual([
      'needed libdep.so',
      'dlopen libnone.so',
    ]);
    expect(closure.objects.at(-1)?.lookups[0]?.path).toBe('/bin/../p/libdep.so');
  });

  test('what is loaded already is not loaded again', () => {
    const tree = glibcTree({ '/bin/app': program(['liba.so']), '/lib/liba.so': LIB });
    expect(loadedBy(tree, ['/bin/app', 'liba.so', '/lib/liba.so'])).toHaveLength(1);
  });
});

describe('a library without a program', () => {
  test('is resolved with the loader that the tree has for its machine', () => {
    const tree = glibcTree({
      '/opt/libx.so': library({ needed: ['liba.so'], runpath: '$ORIGIN' }),
      '/opt/liba.so': LIB,
    });
    expect(resolveClosure(tree, ['/opt/libx.so'])).toMatchObject({ libc: 'glibc', missing: [] });
  });

  test('without any loader the default directories are guessed, and that is said', () => {
    const tree = glibcTree({ '/opt/libx.so': library({ machine: 183, needed: ['liba.so'] }) });
    const closure = resolveClosure(tree, ['/opt/libx.so']);
    expect(closure.diagnostics).toMatchObject([{ code: 'interpreter-unknown' }]);
    expect(closure.missing[0]?.searched).toContain('/usr/lib64/liba.so');
  });
});
