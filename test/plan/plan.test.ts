import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Need, Reason } from '../../src/analysis/need.ts';
import type { Rootfs } from '../../src/image/rootfs.ts';
import { type Plan, planSlim } from '../../src/plan/plan.ts';
import { resolvePath } from '../../src/shared/file-tree.ts';
import { type ImagePath, imagePath } from '../../src/shared/image-path.ts';
import { anySteps, anyTable, walkBy } from '../support/any-rootfs.ts';
import { type RootfsTable, rootfsOf } from '../support/rootfs.ts';

const STARTED: Reason = { kind: 'started' };
const OPENED: Reason = { kind: 'traced', how: 'opened' };
const need = (path: string, reason: Reason = OPENED): Need => ({ path: imagePath(path), reason });
const keptBy = ({ kept }: Plan) => kept.map(({ path }) => path);

/** Runs a check over the plan of some needs. */
async function planOf(
  table: RootfsTable,
  needs: readonly Need[],
  check: (plan: Plan, rootfs: Rootfs) => void,
) {
  await using rootfs = await rootfsOf(table);
  check(planSlim(rootfs, needs), rootfs);
}

describe('the closure', () => {
  const LINKS = {
    '/bin': 'symlink usr/bin',
    '/usr/bin/app': 'symlink app-2',
    '/usr/bin/app-2': 'program',
    '/usr/share/data': 'data',
  };

  test('keeps with each path every link that leads to it', async () => {
    await planOf(LINKS, [need('/bin/app', STARTED)], ({ kept, names, missing }) => {
      expect(kept).toEqual([
        { path: '/bin', reasons: [{ kind: 'traced', how: 'linked-through' }] },
        { path: '/usr/bin/app', reasons: [{ kind: 'traced', how: 'linked-through' }] },
        { path: '/usr/bin/app-2', reasons: [STARTED] },
      ]);
      expect(names).toEqual([{ name: '/bin/app', path: '/usr/bin/app-2' }]);
      expect(missing).toEqual([]);
    });
  });

  test('gives a path each of its reasons once', async () => {
    const needs = [need('/usr/bin/app-2'), need('/bin/app-2', STARTED), need('/bin/app-2', { ...OPENED })];
    await planOf(LINKS, needs, ({ kept }) => {
      expect(kept.at(-1)).toEqual({ path: '/usr/bin/app-2', reasons: [OPENED, STARTED] });
    });
  });

  test('keeps every name of a path', async () => {
    await planOf(LINKS, [need('/usr/bin/app-2'), need('/bin/app')], ({ names }) => {
      expect(names).toEqual([
        { name: '/bin/app', path: '/usr/bin/app-2' },
        { name: '/usr/bin/app-2', path: '/usr/bin/app-2' },
      ]);
    });
  });

  test('names what leads nowhere', async () => {
    const table = { ...LINKS, '/loop': 'symlink loop', '/dangling': 'symlink usr/none' };
    const lost = [need('/none'), need('/dangling'), need('/loop'), need('/usr/bin/app/below')];
    await planOf(table, [...lost, need('/bin/app')], ({ missing, names, kept }) => {
      expect(missing).toEqual(lost);
      expect(kept.map(({ path }) => path)).toEqual(['/bin', '/usr/bin/app', '/usr/bin/app-2']);
      expect(names.map(({ name }) => name)).toEqual(['/bin/app']);
    });
  });
});

test('the sizes of kept and dropped add up, hard links and all', async () => {
  const table = { '/a': '12345', '/b': 'link /a', '/c': '123', '/d': 'directory', '/l': 'symlink c' };
  await planOf(table, [need('/b'), need('/d')], ({ keptSize, droppedSize }) => {
    expect(keptSize).toEqual({ files: 1, bytes: 5 });
    expect(droppedSize).toEqual({ files: 3, bytes: 3 });
  });
});

describe('over any root file system and any needs', () => {
  const check = (property: (rootfs: Rootfs, needs: readonly Need[], more: readonly Need[]) => void) =>
    fc.assert(
      fc.asyncProperty(anyTable, fc.array(anySteps), fc.array(anySteps), async (table, steps, others) => {
        await using rootfs = await rootfsOf(table);
        const needsBy = (walks: readonly number[][]) => walks.map((walk) => need(walkBy(rootfs, walk)));
        property(rootfs, needsBy(steps), needsBy(others));
      }),
      { numRuns: 150 },
    );

  test('the closure is idempotent', async () => {
    await check((rootfs, needs) => {
      const plan = planSlim(rootfs, needs);
      const again = planSlim(
        rootfs,
        plan.names.map(({ name }) => need(name)),
      );
      expect(again).toEqual({ ...plan, missing: [] });
    });
  });

  test('the closure is monotone', async () => {
    await check((rootfs, needs, more) => {
      const less = planSlim(rootfs, needs);
      const all = planSlim(rootfs, [...more, ...needs]);
      expect(keptBy(all)).toEqual(expect.arrayContaining(keptBy(less)));
      expect(all.names).toEqual(expect.arrayContaining([...less.names]));
      expect(all.keptSize.bytes).toBeGreaterThanOrEqual(less.keptSize.bytes);
    });
  });

  test('the order of the needs decides nothing but the order of reasons', async () => {
    await check((rootfs, needs, more) => {
      const one = planSlim(rootfs, [...needs, ...more]);
      const other = planSlim(rootfs, [...more, ...needs].reverse());
      expect({ kept: keptBy(one), names: one.names }).toEqual({ kept: keptBy(other), names: other.names });
    });
  });

  test('every need is kept under its name or missing, and what is kept is there', async () => {
    await check((rootfs, needs) => {
      const { names, missing, kept } = planSlim(rootfs, needs);
      const told = new Set<ImagePath>([...names.map(({ name }) => name), ...missing.map(({ path }) => path)]);
      expect(told).toEqual(new Set(needs.map(({ path }) => path)));
      for (const { path } of kept) expect(resolvePath(rootfs, path).entry, path).toBeDefined();
    });
  });
});
