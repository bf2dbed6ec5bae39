import { describe, expect, test } from 'vitest';
import { readPackages } from '../../../src/analysis/promise/packages.ts';
import { promiseNeeds } from '../../../src/analysis/promise/promise-needs.ts';
import type { PromiseContext, PromiseRule } from '../../../src/analysis/promise/rule.ts';
import { type ImagePath, imagePath } from '../../../src/shared/image-path.ts';
import { glibcTree, library } from '../../support/loader-trees.ts';
import type { TreeTable } from '../../support/memory-tree.ts';
import { dpkg, promisedBy } from './promised-by.ts';

const contextOf = (table: TreeTable, rest: Partial<PromiseContext> = {}): PromiseContext => {
  const tree = glibcTree(table);
  return {
    tree,
    promise: 'app',
    needs: [],
    kept: new Set(),
    launches: [{ argv: ['/app'], env: {} }],
    programs: [],
    written: [],
    copiedIn: [],
    packages: readPackages(tree),
    installed: [],
    made: () => 'base',
    assumes: () => false,
    ...rest,
  };
};

/** A rule that keeps paths. */
const keeping = (name: string, needs: (context: PromiseContext) => readonly string[]): PromiseRule => ({
  name,
  needs: (context) => needs(context).map((path) => imagePath(path)),
});

const pathsOf = async (table: TreeTable, rules: readonly PromiseRule[], rest?: Partial<PromiseContext>) =>
  (await promiseNeeds(contextOf(table, rest), rules)).map(({ path }) => path);

describe('a promise rule', () => {
  test('keeps what is there, with its name as the reason', async () => {
    const rule = keeping('data', () => ['/data/a', '/data/gone']);
    expect(await promiseNeeds(contextOf({ '/data/a': 'a' }), [rule])).toEqual([
      { path: '/data/a', reason: { kind: 'promise', rule: 'data' } },
    ]);
  });

  test('keeps no dead weight, also not through a link', async () => {
    const rule = keeping('whole', () => ['/usr/include/a.h', '/usr/lib/a.h', '/usr/lib/a.txt']);
    const table = {
      '/usr/include/a.h': 'h',
      '/usr/lib/a.h': 'symlink ../include/a.h',
      '/usr/lib/a.txt': 'a',
    };
    expect(await pathsOf(table, [rule])).toEqual(['/usr/lib/a.txt']);
  });

  test('says nothing of what is needed already', async () => {
    const rule = keeping('data', () => ['/data/a', '/data/b']);
    const needs = [{ path: imagePath('/data/a'), reason: { kind: 'traced', how: 'opened' } as const }];
    expect(await pathsOf({ '/data/a': 'a', '/data/b': 'b' }, [rule], { needs })).toEqual(['/data/b']);
  });

  test('sees what another rule has kept, in any order of the rules', async () => {
    const follows = keeping('follows', ({ kept }) => (kept.has(imagePath('/a')) ? ['/b'] : []));
    const leads = keeping('leads', () => ['/a']);
    expect(await pathsOf({ '/a': 'a', '/b': 'b' }, [follows, leads])).toEqual(['/a', '/b']);
  });

  test('sees real paths in what is kept', async () => {
    const seen: ReadonlySet<ImagePath>[] = [];
    const looks = keeping('looks', ({ kept }) => {
      seen.push(kept);
      return ['/link/a'];
    });
    await pathsOf({ '/real/a': 'a', '/link': 'symlink real' }, [looks]);
    expect([...(seen.at(-1) ?? [])]).toEqual(['/real/a']);
  });

  test('that never ends adding is stopped', async () => {
    let asked = 0;
    const endless = keeping('endless', () => [`/a${asked++}`]);
    expect(await pathsOf({ '/a0': '', '/a1': '', '/a2': '', '/a3': '' }, [endless])).toEqual([
      '/a0',
      '/a1',
      '/a2',
    ]);
  });

  test('ends with the signal', async () => {
    const signal = AbortSignal.abort(new Error('stopped'));
    await expect(pathsOf({ '/a': 'a' }, [keeping('a', () => ['/a'])], { signal })).rejects.toThrow('stopped');
  });
});

describe('an ELF object that a rule keeps', () => {
  const modules = keeping('modules', () => ['/modules/m.so', '/modules/n.so']);
  const table = {
    '/modules/m.so': library({ needed: ['liba.so.1'] }),
    '/modules/n.so': library({ needed: ['libown.so.1'], runpath: '/modules/own' }),
    '/usr/lib/liba.so.1': 'symlink liba.so.1.2',
    '/usr/lib/liba.so.1.2': library({ soname: 'liba.so.1', needed: ['libb.so.1'] }),
    '/usr/lib/libb.so.1': library({ soname: 'libb.so.1' }),
    '/modules/own/libown.so.1': library({ soname: 'libown.so.1' }),
    '/env/libb.so.1': library({ soname: 'libb.so.1' }),
  };

  test('needs what it links, by its search path', async () => {
    const paths = await pathsOf(table, [modules]);
    expect(paths).toEqual(
      expect.arrayContaining(['/usr/lib/liba.so.1', '/usr/lib/libb.so.1', '/modules/own/libown.so.1']),
    );
    expect(paths).not.toContain('/env/libb.so.1');
  });

  test('finds libraries by the LD_LIBRARY_PATH of each launch', async () => {
    const launches = [
      { argv: ['/app'], env: { LD_LIBRARY_PATH: '/env' } },
      { argv: ['/other'], env: {} },
    ] as const;
    const paths = await pathsOf(table, [modules], { launches });
    expect(paths).toEqual(expect.arrayContaining(['/env/libb.so.1', '/usr/lib/libb.so.1']));
  });

  test('that is no ELF file, or a broken ELF file, needs nothing', async () => {
    const broken = { '/modules/m.so': '\u007fELF', '/modules/n.so': 'INPUT(liba.so.1)' };
    expect(await pathsOf(broken, [modules])).toEqual(['/modules/m.so', '/modules/n.so']);
  });
});

test('a link that a package has keeps what it leads to in a directory of another package, for any rule', async () => {
  const packages = {
    'node-moment': { files: ['/usr/share/nodejs/moment/locale', '/usr/share/nodejs/moment/libraries'] },
    'libjs-moment': { files: ['/usr/share/javascript/moment/locale/de.js'] },
  };
  const rule = keeping('any', () =>
    ['locale', 'mine', 'libraries'].map((name) => `/usr/share/nodejs/moment/${name}`),
  );
  const table = {
    ...dpkg(packages),
    '/usr/share/nodejs/moment/locale': 'symlink ../../javascript/moment/locale',
    '/usr/share/nodejs/moment/libraries': 'symlink ../../../share',
    '/usr/share/nodejs/moment/mine': 'symlink ../../javascript/moment',
    '/usr/share/javascript/moment/locale/de.js': 'of a package',
    '/usr/share/javascript/moment/locale/none.js': 'of no package',
    '/usr/share/javascript/moment/moment.js': 'of no package',
  };
  expect(await promisedBy(rule, table, { kept: [] })).toEqual([
    '/usr/share/javascript/moment/locale/de.js',
    '/usr/share/nodejs/moment/libraries',
    '/usr/share/nodejs/moment/locale',
    '/usr/share/nodejs/moment/mine',
  ]);
});
