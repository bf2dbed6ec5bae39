import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Need } from '../../src/analysis/need.ts';
import { finalStage } from '../../src/dockerfile/model.ts';
import type { Rootfs } from '../../src/image/rootfs.ts';
import { compareRootfs } from '../../src/plan/compare-rootfs.ts';
import { type Arrival, arrivalsOf, assembleLayout, type Layout, layOut } from '../../src/plan/layout.ts';
import { layoutOfStage } from '../../src/plan/layout-of-stage.ts';
import { layoutView } from '../../src/plan/layout-view.ts';
import { planSlim } from '../../src/plan/plan.ts';
import { type WholeDirectoriesOptions, withWholeDirectories } from '../../src/plan/whole-directories.ts';
import { resolvePath, walk } from '../../src/shared/file-tree.ts';
import { type ImagePath, imagePath } from '../../src/shared/image-path.ts';
import { anySteps, anyTable, walkBy } from '../support/any-rootfs.ts';
import { modelStage } from '../support/copy-model.ts';
import { dockerfileOf, render, renderWhole } from '../support/dockerfile.ts';
import { treesOf } from '../support/rewriting.ts';
import { type RootfsTable, rootfsOf } from '../support/rootfs.ts';
import { drawn, samples } from '../support/samples.ts';

const FREE: WholeDirectoriesOptions = { isDropped: () => false, isTaken: () => false };

const needOf = (path: string): Need => ({ path: imagePath(path), reason: { kind: 'started' } });

function layoutOf(rootfs: Rootfs, needs: readonly Need[], options = FREE): Layout {
  const arrivals = arrivalsOf(planSlim(rootfs, needs));
  return assembleLayout(rootfs, withWholeDirectories(rootfs, arrivals, options));
}

const wholeOf = ({ entries }: Layout) =>
  entries.flatMap((entry) => (entry.type === 'directory' && entry.isWhole ? [entry.path] : []));

const shapeOf = ({ entries }: Layout) =>
  entries.map((entry) => `${entry.path}${entry.type === 'symlink' ? ` -> ${entry.target}` : ''}`);

/** The whole directories and the shape of the layout of names in a root file system. */
async function laidOut(table: RootfsTable, names: readonly string[], options = FREE) {
  await using rootfs = await rootfsOf(table);
  const layout = layoutOf(rootfs, names.map(needOf), options);
  return { whole: wholeOf(layout), shape: shapeOf(layout) };
}

describe('over any root file system', () => {
  const seen = { whole: 0, links: 0 };

  test('every name still leads to its bytes, an engine builds the layout, and it is read back', async () => {
    const anyCase = fc.record({
      table: anyTable,
      walks: fc.array(anySteps, { maxLength: 8 }),
      left: fc.array(fc.nat(), { maxLength: 2 }),
    });
    await fc.assert(
      fc.asyncProperty(anyCase, async ({ table, walks, left }) => {
        await using rootfs = await rootfsOf(below('/app', table));
        const all = [...walk(rootfs)].map(([path]) => path);
        const away = new Set(left.map((at) => all[at % Math.max(1, all.length)]));
        const paths = [
          ...walks.map((steps) => walkBy(rootfs, steps)),
          ...all.filter((path) => !away.has(path)),
        ];
        const needs = paths.map((path) => needOf(path));
        const layout = layoutOf(rootfs, needs);
        seen.whole += wholeOf(layout).length;
        seen.links += layout.entries.filter(({ type }) => type === 'symlink').length;
        expectNames(rootfs, layout, needs);
        await expectBuilt(rootfs, layout);
      }),
      drawn({ ci: 150, soak: 2000 }),
    );
    expect(seen.whole).toBeGreaterThan(samples({ ci: 10, soak: 150 }));
    expect(seen.links).toBeGreaterThan(samples({ ci: 2, soak: 40 }));
  });

  /** A table with all of it below a directory, links too. */
  function below(top: string, table: RootfsTable): RootfsTable {
    return Object.fromEntries(
      Object.entries(table).map(([path, value]) => [
        `${top}${path}`,
        typeof value === 'string' ? value.replace(/^(symlink|link) \//, `$1 ${top}/`) : value,
      ]),
    );
  }

  /** Names that lead to a file without whole directories lead to the same file with them. */
  function expectNames(rootfs: Rootfs, layout: Layout, needs: readonly Need[]): void {
    const view = layoutView(rootfs, layout);
    for (const { path, type } of layOut(rootfs, planSlim(rootfs, needs)).entries) {
      const found = resolvePath(view, path);
      expect(found.entry?.type, `${path} of ${shapeOf(layout)}`).toBe(type);
      if (type === 'file')
        expect(Buffer.from(view.read(found.path))).toEqual(
          Buffer.from(rootfs.read(resolvePath(rootfs, path).path)),
        );
    }
  }

  async function expectBuilt(rootfs: Rootfs, layout: Layout): Promise<void> {
    const text = render(layout);
    const dockerfile = dockerfileOf(text);
    const { table } = modelStage(dockerfile, treesOf(dockerfile, { build: rootfs }));
    await using rebuilt = await rootfsOf(table);
    expect(compareRootfs(rebuilt, layout), text).toEqual([]);
    const back = layoutOfStage(dockerfile, finalStage(dockerfile), { full: rootfs, list: null });
    const bare = (one: Layout) => one.entries.map((entry) => ({ ...entry, reasons: [] }));
    expect(bare(back), text).toEqual(bare(layout));
  }
});

const LIBRARY = {
  '/usr/lib/app/a.py': 'a',
  '/usr/lib/app/b/c.py': 'c',
  '/usr/lib/app/b/d.py': 'd',
  '/usr/lib/other': 'o',
};

describe('a directory is whole', () => {
  test('where all of it arrives: the highest that programs do not share', async () => {
    const names = ['/usr/lib/app/a.py', '/usr/lib/app/b/c.py', '/usr/lib/app/b/d.py', '/usr/lib/other'];
    expect((await laidOut(LIBRARY, names)).whole).toEqual(['/usr/lib/app']);
  });

  test('below one of which a file is dropped', async () => {
    const names = ['/usr/lib/app/b/c.py', '/usr/lib/app/b/d.py'];
    expect((await laidOut(LIBRARY, names)).whole).toEqual(['/usr/lib/app/b']);
  });

  test('with its links as links, and what they lead to elsewhere by its own place', async () => {
    const table = { ...LIBRARY, '/usr/lib/app/link': 'symlink ../other', '/usr/lib/app/e': 'directory' };
    const names = ['/usr/lib/app/a.py', '/usr/lib/app/b/c.py', '/usr/lib/app/b/d.py', '/usr/lib/app/link'];
    const { whole, shape } = await laidOut(table, names);
    expect(whole).toEqual(['/usr/lib/app']);
    expect(shape).toEqual(
      expect.arrayContaining(['/usr/lib/app/link -> ../other', '/usr/lib/other', '/usr/lib/app/e']),
    );
  });

  test('with the next link of a chain that leads out of it, and back', async () => {
    const table = {
      '/etc/app/real.cnf': 'r',
      '/etc/app/b': 'b',
      '/etc/app/my.cnf': 'symlink /etc/alternatives/my.cnf',
    };
    const chain = {
      ...table,
      '/etc/alternatives/my.cnf': 'symlink ../app/real.cnf',
      '/etc/alternatives/other': 'x',
    };
    const { whole, shape } = await laidOut(chain, ['/etc/app/my.cnf', '/etc/app/b', '/etc/app/real.cnf']);
    expect(whole).toEqual(['/etc/app']);
    expect(shape).toEqual(
      expect.arrayContaining(['/etc/app/my.cnf -> /etc/alternatives/my.cnf', '/etc/alternatives/my.cnf']),
    );
    expect(shape).not.toContain('/etc/alternatives/other');
  });

  test('with what a link in it names through a link to a directory', async () => {
    const table = {
      '/etc/app/a': 'symlink /lib/a',
      '/etc/app/b': 'b',
      '/lib': 'symlink usr/lib',
      '/usr/lib/a': 'a',
    };
    const { shape } = await laidOut({ ...table, '/etc/app/c': 'c' }, [
      '/etc/app/a',
      '/etc/app/b',
      '/etc/app/c',
    ]);
    expect(shape).toEqual(expect.arrayContaining(['/etc/app/a -> /lib/a', '/lib/a']));
  });

  test('once, where a link in it names it a second time', async () => {
    const table = {
      '/usr/share/perl/5.36.0/a.pm': 'a',
      '/usr/share/perl/5.36.0/b.pm': 'b',
      '/usr/share/perl/5.36': 'symlink 5.36.0',
    };
    const { whole, shape } = await laidOut(table, ['/usr/share/perl/5.36/a.pm', '/usr/share/perl/5.36/b.pm']);
    expect(whole).toEqual(['/usr/share/perl']);
    expect(shape.filter((line) => line.includes('a.pm'))).toEqual(['/usr/share/perl/5.36.0/a.pm']);
  });
});

describe('a directory stays in pieces', () => {
  const ALL = ['/usr/lib/app/a.py', '/usr/lib/app/b/c.py', '/usr/lib/app/b/d.py'];

  test.each<[why: string, table: RootfsTable, names: string[]]>([
    ['where programs share it', { '/usr/bin/a': 'a', '/usr/bin/b': 'b' }, ['/usr/bin/a', '/usr/bin/b']],
    ['with a single file', { '/x/a': 'a' }, ['/x/a']],
    ['with two names of one file', { '/x/a': 'a', '/x/b': 'link /x/a' }, ['/x/a', '/x/b']],
    ['with a FIFO', { '/x/a': 'a', '/x/b': 'b', '/x/f': 'fifo' }, ['/x/a', '/x/b']],
    ['with a link to what does not arrive', { ...LIBRARY, '/usr/lib/app/b/l': 'symlink ../../other' }, ALL],
    ['with an odd name', { '/a b/a': 'a', '/a b/b': 'b' }, ['/a b/a', '/a b/b']],
    [
      'where its files are needed by a link outside of it',
      { '/x/a': 'a', '/x/b': 'b', '/l': 'symlink x' },
      ['/l/a', '/l/b'],
    ],
  ])('%s', async (_, table, names) => {
    expect((await laidOut(table, names)).whole).toEqual([]);
  });

  test('where the user drops a link of it, or the runtime has something in the place of one', async () => {
    const table = { '/x/a': 'a', '/x/b': 'b', '/x/l': 'symlink a' };
    const isLink = (path: ImagePath) => path === '/x/l';
    expect((await laidOut(table, ['/x/a', '/x/b'])).whole).toEqual(['/x']);
    expect((await laidOut(table, ['/x/a', '/x/b'], { ...FREE, isDropped: isLink })).whole).toEqual([]);
    expect((await laidOut(table, ['/x/a', '/x/b'], { ...FREE, isTaken: isLink })).whole).toEqual([]);
  });

  test('where an empty file takes the place of one of its files', async () => {
    await using rootfs = await rootfsOf({ '/x/a': 'a', '/x/b': 'b', '/empty': '' });
    const arrivals: Arrival[] = [
      { path: imagePath('/x/a'), source: imagePath('/x/a'), reasons: [] },
      { path: imagePath('/x/b'), source: imagePath('/empty'), reasons: [] },
    ];
    expect(wholeOf(assembleLayout(rootfs, withWholeDirectories(rootfs, arrivals, FREE)))).toEqual([]);
  });

  test('where it keeps a special mode', async () => {
    await using rootfs = await rootfsOf({ '/x': 'directory 700', '/x/a': 'a', '/x/b': 'b' });
    const arrivals = ['/x', '/x/a', '/x/b'].map(
      (path): Arrival => ({ path: imagePath(path), source: imagePath(path), reasons: [], exact: true }),
    );
    expect(wholeOf(assembleLayout(rootfs, withWholeDirectories(rootfs, arrivals, FREE)))).toEqual([]);
  });
});

test('whole directories keep lists short: their files are none of the list', async () => {
  const many = Object.fromEntries(Array.from({ length: 500 }, (_, at) => [`/opt/app/m${at % 9}/${at}`, 'x']));
  const apart = Object.fromEntries(Array.from({ length: 70 }, (_, at) => [`/usr/lib/${at}/f`, 'x']));
  await using rootfs = await rootfsOf({ ...many, ...apart });
  const staging = { kind: 'possible', list: 'rootfs.list', place: imagePath('/.rootfs') } as const;
  const whole = renderWhole(layoutOf(rootfs, Object.keys(many).map(needOf)), { staging });
  expect(whole.list).toBeNull();
  expect(whole.text).toContain('\nCOPY --from=build /opt/app /opt/app\n');
  const both = renderWhole(layoutOf(rootfs, [...Object.keys(many), ...Object.keys(apart)].map(needOf)), {
    staging,
  });
  expect(both.list?.match(/^\//gm)).toHaveLength(70);
  expect(both.text).toContain('\nCOPY --from=build /opt/app /opt/app\n');
});
