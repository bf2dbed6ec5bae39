import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Need } from '../../src/analysis/need.ts';
import { finalStage } from '../../src/dockerfile/model.ts';
import type { Rootfs } from '../../src/image/rootfs.ts';
import { type Layout, layOut } from '../../src/plan/layout.ts';
import { layoutOfStage } from '../../src/plan/layout-of-stage.ts';
import { planSlim } from '../../src/plan/plan.ts';
import { imagePath } from '../../src/shared/image-path.ts';
import { anySteps, anyTable, walkBy } from '../support/any-rootfs.ts';
import { dockerfileOf, render, renderWhole } from '../support/dockerfile.ts';
import { rootfsOf } from '../support/rootfs.ts';
import { drawn, samples } from '../support/samples.ts';

const entriesOf = ({ entries }: Layout) => entries.map((entry) => ({ ...entry, reasons: [] }));

/** The layout that is read back from the rendered Dockerfile. */
function readBack(layout: Layout, rootfs: Rootfs): Layout {
  const dockerfile = dockerfileOf(render(layout));
  return layoutOfStage(dockerfile, finalStage(dockerfile), { full: rootfs, list: null });
}

test('a rendered layout is read back as it was, over any root file system', async () => {
  let files = 0;
  let directories = 0;
  await fc.assert(
    fc.asyncProperty(anyTable, fc.array(anySteps, { maxLength: 12 }), async (table, walks) => {
      await using rootfs = await rootfsOf(table);
      const needs = walks.map((walk): Need => ({ path: walkBy(rootfs, walk), reason: { kind: 'started' } }));
      const layout = layOut(rootfs, planSlim(rootfs, needs));
      expect(entriesOf(readBack(layout, rootfs))).toEqual(entriesOf(layout));
      files += layout.entries.filter(({ type }) => type === 'file').length;
      directories += layout.entries.filter((entry) => entry.type === 'directory' && entry.isEmpty).length;
    }),
    drawn({ ci: 60, soak: 300 }),
  );
  expect(Math.min(files, directories), 'layouts were not all empty').toBeGreaterThan(
    samples({ ci: 10, soak: 50 }),
  );
});

test('more files than one COPY line takes are read back, too', async () => {
  const paths = Array.from({ length: 95 }, (_, at) => `/data/file-${at}`);
  await using rootfs = await rootfsOf(Object.fromEntries(paths.map((path) => [path, path])));
  const needs = paths.map((path): Need => ({ path: imagePath(path), reason: { kind: 'started' } }));
  const layout = layOut(rootfs, planSlim(rootfs, needs));
  expect(entriesOf(readBack(layout, rootfs))).toEqual(entriesOf(layout));
});

test('a layout that a stage assembles from a list is read back, too', async () => {
  const paths = Array.from({ length: 70 }, (_, at) => `/data/${at}/a b`);
  const table = {
    ...Object.fromEntries(paths.map((path) => [path, path])),
    '/data/link': 'symlink 7/a b',
    '/alias': 'symlink data',
    '/empty': 'directory 1777',
    '/etc/hosts': '127.0.0.1 app',
  };
  await using rootfs = await rootfsOf(table);
  const names = [...paths, '/data/link', '/alias/9/a b', '/empty', '/etc/hosts'];
  const needs = names.map((path): Need => ({ path: imagePath(path), reason: { kind: 'started' } }));
  const layout = layOut(rootfs, planSlim(rootfs, needs));
  const staging = { kind: 'possible', list: 'rootfs.list', place: imagePath('/.rootfs') } as const;
  const { text, list } = renderWhole(layout, { staging });
  expect(list).toContain('/alias/9/a b\n');
  const dockerfile = dockerfileOf(text);
  const back = (root: string | null) =>
    layoutOfStage(dockerfile, finalStage(dockerfile), { full: rootfs, list: root });
  expect(entriesOf(back(list))).toEqual(entriesOf(layout));
  expect(entriesOf(back(null)).map(({ path }) => path)).toEqual(['/etc', '/etc/hosts']);
});

test('a source that has gone is left, and named', async () => {
  await using rootfs = await rootfsOf({ '/a': 'x' });
  const dockerfile = dockerfileOf('FROM debian AS build\nFROM scratch\nCOPY --from=build /a /gone /d/\n');
  const layout = layoutOfStage(dockerfile, finalStage(dockerfile), { full: rootfs, list: null });
  expect(layout.entries.map(({ path }) => path)).toEqual(['/d', '/d/a']);
  expect(layout.left).toEqual(['/d/gone']);
});
