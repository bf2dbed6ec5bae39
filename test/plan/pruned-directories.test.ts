import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Need } from '../../src/analysis/need.ts';
import { finalStage } from '../../src/dockerfile/model.ts';
import { compareRootfs } from '../../src/plan/compare-rootfs.ts';
import { arrivalsOf, assembleLayout, type Layout } from '../../src/plan/layout.ts';
import { layoutOfStage } from '../../src/plan/layout-of-stage.ts';
import { planSlim } from '../../src/plan/plan.ts';
import { withPrunedDirectories } from '../../src/plan/pruned-directories.ts';
import { withWholeDirectories } from '../../src/plan/whole-directories.ts';
import { imagePath, isWithin } from '../../src/shared/image-path.ts';
import { modelStage } from '../support/copy-model.ts';
import { dockerfileOf, render } from '../support/dockerfile.ts';
import { treesOf } from '../support/rewriting.ts';
import { type RootfsTable, rootfsOf } from '../support/rootfs.ts';
import { drawn, samples } from '../support/samples.ts';

const FREE = { isDropped: () => false, isTaken: () => false };

const needOf = (path: string): Need => ({ path: imagePath(path), reason: { kind: 'started' } });

/** The layout with pruned directories and what it removes, and the stage's text with them and without. */
async function laidOut(table: RootfsTable, names: readonly string[], canFind = true) {
  await using rootfs = await rootfsOf(table);
  const arrivals = arrivalsOf(planSlim(rootfs, names.map(needOf)));
  const found = withPrunedDirectories(rootfs, arrivals, { ...FREE, canFind });
  const layout = assembleLayout(rootfs, found.arrivals);
  const text = render(layout, { removed: found.removed });
  const plain = render(assembleLayout(rootfs, withWholeDirectories(rootfs, arrivals, FREE)));
  await expectBuilt(table, { layout, text, removed: found.removed.paths });
  return { removed: found.removed.paths, text, plain };
}

/** An engine builds the stage as it is laid out, and it is read back as it was. */
async function expectBuilt(
  table: RootfsTable,
  { layout, text, removed }: { layout: Layout; text: string; removed: readonly string[] },
): Promise<void> {
  const rest = Object.entries(table).filter(
    ([path]) => !removed.some((gone) => isWithin(imagePath(path), imagePath(gone)) || path === gone),
  );
  await using build = await rootfsOf(table);
  await using pruned = await rootfsOf(Object.fromEntries(rest));
  const dockerfile = dockerfileOf(text);
  const { table: made } = modelStage(dockerfile, treesOf(dockerfile, { build, pruned }));
  await using rebuilt = await rootfsOf(made);
  expect(compareRootfs(rebuilt, layout), text).toEqual([]);
  const back = layoutOfStage(dockerfile, finalStage(dockerfile), { full: build, list: null });
  const bare = ({ entries }: Layout) => entries.map((entry) => ({ ...entry, reasons: [] }));
  expect(bare(back), text).toEqual(bare(layout));
}

/** A library of modules, each with its byte code. */
function modules(directory: string, names: readonly string[]): RootfsTable {
  return Object.fromEntries(
    names.flatMap((name) => [
      [`${directory}/${name}.py`, name],
      [`${directory}/__pycache__/${name}.pyc`, `byte code of ${name}`],
    ]),
  );
}

const MANY = Array.from({ length: 12 }, (_, at) => `m${String(at).padStart(2, '0')}`);
const SOURCES = MANY.flatMap((name) => [`/opt/lib/${name}.py`, `/opt/lib/sub/${name}.py`]);

describe('a directory of which most arrives', () => {
  const table: RootfsTable = {
    ...modules('/opt/lib', MANY),
    ...modules('/opt/lib/sub', MANY),
    ...modules('/opt/lib/test', MANY),
  };

  test('is one line, over a stage that removes the rest of it', async () => {
    const { removed, text } = await laidOut(table, SOURCES);
    expect(removed).toHaveLength(3);
    expect(text).toContain(
      `FROM build AS pruned

# Not needed at run time
RUN find /opt/lib -name __pycache__ -prune -exec rm -rf {} +; \\
    rm -rf \\
    /opt/lib/test

FROM scratch

# Executable
COPY --from=pruned /opt/lib /opt/lib
`,
    );
  });

  test('names what arrives below a removed path', async () => {
    const { text } = await laidOut(table, [...SOURCES, '/opt/lib/__pycache__/m03.pyc']);
    expect(text).toContain('COPY --from=build /opt/lib/__pycache__/m03.pyc /opt/lib/__pycache__/');
    expect(text).toContain('COPY --from=pruned /opt/lib /opt/lib');
  });

  test('names each removed directory where the image has no find', async () => {
    const { text } = await laidOut(table, SOURCES, false);
    expect(text).toContain('RUN rm -rf \\\n    /opt/lib/__pycache__ \\\n    /opt/lib/sub/__pycache__ \\\n');
  });

  test('is copied with the link beside it that its files are named through', async () => {
    const linked = { ...table, '/opt/now': 'symlink lib' };
    const below = Object.entries(linked).map(([path, value]) => [`/opt/all${path.slice(4)}`, value]);
    const names = SOURCES.map((path) => path.replace('/opt/lib', '/opt/all/now'));
    const { text } = await laidOut(Object.fromEntries(below) as RootfsTable, names);
    expect(text).toContain('COPY --from=pruned /opt/all /opt/all');
  });

  test('has its files named where few of them arrive', async () => {
    const few = SOURCES.slice(0, 4);
    const { removed, text, plain } = await laidOut(table, few);
    expect(removed).toEqual([]);
    expect(text).toBe(plain);
  });

  test('has its files named where a name of the rest would need quotes', async () => {
    const { removed } = await laidOut({ ...table, '/opt/lib/odd name': 'x' }, SOURCES);
    expect(removed.filter((path) => path.includes('odd'))).toEqual([]);
  });
});

test('over any library, an engine builds the layout, and no text is longer than without', async () => {
  let pruned = 0;
  const anyName = fc.constantFrom(...MANY);
  const anyDirectory = fc.constantFrom('', '/sub', '/sub/deep', '/test', '/link');
  const anyCase = fc.record({
    parts: fc.uniqueArray(anyDirectory, { minLength: 1, maxLength: 5 }),
    left: fc.array(fc.tuple(anyDirectory, fc.oneof(anyName, fc.constant(null))), { maxLength: 5 }),
    caches: fc.array(fc.tuple(anyDirectory, anyName), { maxLength: 6 }),
    links: fc.array(fc.tuple(anyName, anyDirectory, anyName), { maxLength: 3 }),
    canFind: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(anyCase, async ({ parts, left, caches, links, canFind }) => {
      const table: RootfsTable = {
        ...Object.assign({}, ...parts.map((part) => modules(`/opt/lib${part}`, MANY))),
        ...Object.fromEntries(
          links.map(([name, part, to]) => [`/opt/lib/l-${name}`, `symlink /opt/lib${part}/${to}.py`]),
        ),
        '/opt/lib/empty': 'directory',
      };
      const names = [
        ...parts.flatMap((part) =>
          MANY.filter((name) => !left.some(([of, gone]) => of === part && (gone ?? name) === name)).map(
            (name) => `/opt/lib${part}/${name}.py`,
          ),
        ),
        ...caches.map(([part, name]) => `/opt/lib${part}/__pycache__/${name}.pyc`),
        ...links.slice(0, 1).map(([name]) => `/opt/lib/l-${name}`),
      ];
      const { removed, text, plain } = await laidOut(table, names, canFind);
      if (removed.length === 0) return;
      pruned += 1;
      expect(text.split('\n').length).toBeLessThanOrEqual(plain.split('\n').length);
    }),
    drawn({ ci: 40, soak: 2000 }),
  );
  expect(pruned).toBeGreaterThan(samples({ ci: 2, soak: 100 }));
});
