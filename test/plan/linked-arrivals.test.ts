import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Need, Reason } from '../../src/analysis/need.ts';
import { finalStage } from '../../src/dockerfile/model.ts';
import { arrivalsOf, assembleLayout, layOut } from '../../src/plan/layout.ts';
import { layoutOfStage } from '../../src/plan/layout-of-stage.ts';
import { layoutView } from '../../src/plan/layout-view.ts';
import { withLinks, writesThroughLinks } from '../../src/plan/linked-arrivals.ts';
import { planSlim } from '../../src/plan/plan.ts';
import { NONE_REMOVED } from '../../src/plan/pruned-directories.ts';
import { withWholeDirectories } from '../../src/plan/whole-directories.ts';
import { needsStaging } from '../../src/render/render-dockerfile.ts';
import { resolvePath } from '../../src/shared/file-tree.ts';
import { imagePath } from '../../src/shared/image-path.ts';
import { anySteps, anyTable, walkBy } from '../support/any-rootfs.ts';
import { dockerfileOf, renderWhole } from '../support/dockerfile.ts';
import { rootfsOf } from '../support/rootfs.ts';
import { drawn, samples } from '../support/samples.ts';

const STAGING = { kind: 'possible', list: 'rootfs.list', place: imagePath('/.rootfs') } as const;
const FREE = { isDropped: () => false, isTaken: () => false };

const needOf = (path: string, reason: Reason = { kind: 'started' }): Need => ({
  path: imagePath(path),
  reason,
});

test('every name leads to its bytes through links, each file arrives once, and the list is read back', async () => {
  let links = 0;
  await fc.assert(
    fc.asyncProperty(anyTable, fc.array(anySteps, { maxLength: 16 }), async (table, walks) => {
      await using rootfs = await rootfsOf(table);
      const needs = walks.map((steps) => needOf(walkBy(rootfs, steps)));
      const plan = planSlim(rootfs, needs);
      const whole = withWholeDirectories(rootfs, arrivalsOf(plan), FREE);
      const layout = assembleLayout(rootfs, withLinks(rootfs, whole));
      const view = layoutView(rootfs, layout);
      for (const { path, type } of layOut(rootfs, plan).entries) {
        const found = resolvePath(view, path);
        expect(found.entry?.type, path).toBe(type);
        if (type === 'file')
          expect(Buffer.from(view.read(found.path))).toEqual(
            Buffer.from(rootfs.read(resolvePath(rootfs, path).path)),
          );
      }
      for (const entry of layout.entries)
        expect(resolvePath(rootfs, entry.path, { followLast: false }).path).toBe(entry.path);
      if (!needsStaging(layout, { escapeToken: '\\', removed: NONE_REMOVED })) return;
      links += layout.entries.filter(({ type }) => type === 'symlink').length;
      const { text, list } = renderWhole(layout, { staging: STAGING });
      if (list === null) return;
      const dockerfile = dockerfileOf(text);
      const back = layoutOfStage(dockerfile, finalStage(dockerfile), { full: rootfs, list });
      const bare = ({ entries }: typeof layout) => entries.map((entry) => ({ ...entry, reasons: [] }));
      expect(bare(back), text).toEqual(bare(layout));
    }),
    drawn({ ci: 100, soak: 1500 }),
  );
  expect(links).toBeGreaterThan(samples({ ci: 4, soak: 60 }));
});

test('a link to a directory that the app writes is a link of an assembled root', async () => {
  await using rootfs = await rootfsOf({ '/data/store': 'x', '/var/lib/app/data': 'symlink /data' });
  const arrivals = arrivalsOf(
    planSlim(rootfs, [
      needOf('/var/lib/app/data', { kind: 'traced', how: 'written' }),
      needOf('/var/lib/app/data/store'),
    ]),
  );
  expect(writesThroughLinks(rootfs, arrivals)).toBe(true);
  const layout = assembleLayout(rootfs, withLinks(rootfs, arrivals));
  const { list, text } = renderWhole(layout, { staging: STAGING });
  expect(list?.split('\n').filter((line) => line.startsWith('/'))).toEqual([
    '/data/store',
    '/var/lib/app/data',
  ]);
  expect(text).toContain('        --hard-dereference --no-recursion');
});

test('what an app only reads through a link is no reason to assemble a root', async () => {
  await using rootfs = await rootfsOf({ '/data/store': 'x', '/app': 'symlink data' });
  expect(writesThroughLinks(rootfs, arrivalsOf(planSlim(rootfs, [needOf('/app/store')])))).toBe(false);
});

test('links of /dev stay names of files, since a stage sees other ones there', async () => {
  await using rootfs = await rootfsOf({ '/dev/x': 'x', '/a': 'symlink dev/x' });
  const arrivals = arrivalsOf(planSlim(rootfs, [needOf('/a')]));
  expect(withLinks(rootfs, arrivals)).toEqual(arrivals);
});
