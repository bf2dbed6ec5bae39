import { describe, expect, test } from 'vitest';
import { describeReason } from '../../src/analysis/need.ts';
import { analyseStatically, needsLoaderCache } from '../../src/analysis/static.ts';
import { imagePath } from '../../src/shared/image-path.ts';
import { buildCache } from '../support/cache-builder.ts';
import { GLIBC_INTERPRETER, glibcTree, library, program } from '../support/loader-trees.ts';
import type { TreeTable } from '../support/memory-tree.ts';

const executable = (content: Uint8Array) => ({ content, mode: 0o755 });
const analyse = (table: TreeTable, env: Record<string, string> = {}) =>
  analyseStatically(glibcTree(table), { argv: ['/app'], env });

/** `path: reason` of every need. */
const needsOf = async (table: TreeTable, env?: Record<string, string>) =>
  (await analyse(table, env)).needs.map(({ path, reason }) => `${path}: ${describeReason(reason)}`);

describe('a program', () => {
  test('needs its dynamic linker, its libraries and theirs, each by the path that is opened', async () => {
    const table = {
      '/app': executable(program(['liba.so.1'])),
      '/lib': 'symlink usr/lib',
      '/usr/lib/liba.so.1': 'symlink liba.so.1.2.3',
      '/usr/lib/liba.so.1.2.3': library({ soname: 'liba.so.1', needed: ['libb.so.1'] }),
      '/usr/lib/libb.so.1': library({ soname: 'libb.so.1' }),
      '/usr/lib/unused.so': library(),
    };
    expect(await needsOf(table)).toEqual([
      '/app: the started program',
      `${GLIBC_INTERPRETER}: the dynamic linker of /app`,
      '/lib/liba.so.1: linked by /app',
      '/lib/libb.so.1: linked by /usr/lib/liba.so.1.2.3',
    ]);
  });

  test('is missing a library that is nowhere, and the rest is still found', async () => {
    const table = {
      '/app': executable(program(['libgone.so.1', 'libb.so.1'])),
      '/usr/lib/libb.so.1': library({ soname: 'libb.so.1' }),
    };
    const { missing, needs } = await analyse(table);
    expect(missing).toMatchObject([{ name: 'libgone.so.1', neededBy: '/app' }]);
    expect(needs.map(({ path }) => path)).toContain('/usr/lib/libb.so.1');
  });

  test('takes LD_LIBRARY_PATH and LD_PRELOAD of its launch', async () => {
    const table = {
      '/app': executable(program(['liba.so.1'])),
      '/own/liba.so.1': library({ soname: 'liba.so.1' }),
      '/usr/lib/liba.so.1': library({ soname: 'liba.so.1' }),
      '/pre.so': library(),
    };
    const paths = (await analyse(table, { LD_LIBRARY_PATH: '/own', LD_PRELOAD: '/pre.so' })).needs.map(
      ({ path }) => path,
    );
    expect(paths).toEqual(expect.arrayContaining(['/own/liba.so.1', '/pre.so']));
    expect(paths).not.toContain('/usr/lib/liba.so.1');
  });

  test('that is no ELF file and no script is all that is known to be needed', async () => {
    expect(await needsOf({ '/app': { content: 'anything', mode: 0o755 } })).toEqual([
      '/app: the started program',
    ]);
  });
});

describe('the cache of the dynamic linker', () => {
  const cached = (path: string): TreeTable => ({
    '/app': executable(program(['liba.so.1'])),
    [path]: library({ soname: 'liba.so.1' }),
    '/etc/ld.so.cache': buildCache([{ name: 'liba.so.1', path }]),
  });
  const isNeeded = (table: TreeTable, loaded: readonly string[] = []) =>
    needsLoaderCache(glibcTree(table), { program: imagePath('/app'), env: {}, loaded });

  test('is needed for a library outside the default directories', async () => {
    expect(isNeeded(cached('/opt/x/liba.so.1'))).toBe(true);
    expect(await needsOf(cached('/opt/x/liba.so.1'))).toContain('/opt/x/liba.so.1: linked by /app');
  });

  test('is not needed for one in a default directory, which is then found there', async () => {
    expect(isNeeded(cached('/usr/lib/liba.so.1'))).toBe(false);
    expect(await needsOf(cached('/usr/lib/liba.so.1'))).toContain('/usr/lib/liba.so.1: linked by /app');
  });

  test('is needed for a library that was only seen to be loaded', () => {
    const table = { ...cached('/opt/x/liba.so.1'), '/app': executable(program([])) };
    expect(isNeeded(table)).toBe(false);
    expect(isNeeded(table, ['liba.so.1'])).toBe(true);
  });
});

test.each([
  [['dlopen'], true],
  [['open'], false],
])(
  'of a program that imports %j it is said whether it loads libraries at run time: %j',
  async (names, expected) => {
    const symbols = names.map((name) => ({ name, defined: false }));
    const { loadsByItself } = await analyse({ '/app': executable(program([], { symbols })) });
    expect(loadsByItself).toBe(expected);
  },
);
