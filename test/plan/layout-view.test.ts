import { describe, expect, test } from 'vitest';
import type { Reason } from '../../src/analysis/need.ts';
import { itemsOf, packItems } from '../../src/image/pack-tar.ts';
import { Rootfs } from '../../src/image/rootfs.ts';
import { compareRootfs } from '../../src/plan/compare-rootfs.ts';
import { layOut } from '../../src/plan/layout.ts';
import { layoutView } from '../../src/plan/layout-view.ts';
import { planSlim } from '../../src/plan/plan.ts';
import { imagePath, ROOT } from '../../src/shared/image-path.ts';
import { type RootfsTable, rootfsOf, spoolPath, treeText } from '../support/rootfs.ts';

const OPENED: Reason = { kind: 'traced', how: 'opened' };

async function viewOf(table: RootfsTable, ...paths: string[]) {
  const rootfs = await rootfsOf(table);
  const needs = paths.map((path) => ({ path: imagePath(path), reason: OPENED }));
  const layout = layOut(rootfs, planSlim(rootfs, needs));
  return {
    layout,
    view: layoutView(rootfs, layout),
    /** What a container holds after the view was put into it. */
    packed: async () => {
      const paths = layout.entries.map(({ path }) => path);
      return await Rootfs.fromTar(packItems(itemsOf(layoutView(rootfs, layout), paths)), spoolPath());
    },
    [Symbol.asyncDispose]: () => rootfs[Symbol.asyncDispose](),
  };
}

const TABLE: RootfsTable = {
  '/lib': 'symlink usr/lib',
  '/usr/lib/liba.so.1': 'symlink liba.so.1.2',
  '/usr/lib/liba.so.1.2': { content: 'library', mode: 0o755, uid: 3, gid: 4, mtime: 1_700_000_000 },
  '/bin/one': 'program',
  '/bin/other': 'link /bin/one',
  '/tmp': 'directory 1777',
  '/unused': 'x',
};

test('packed it is the very tree of its layout: links flattened, directories as COPY makes them', async () => {
  await using made = await viewOf(TABLE, '/lib/liba.so.1', '/bin/one', '/tmp');
  await using packed = await made.packed();
  expect(compareRootfs(packed, made.layout)).toEqual([]);
  expect(treeText(packed)).toEqual({
    '/bin': 'directory 755 0:0',
    '/bin/one': 'file 644 0:0 program',
    '/lib': 'directory 755 0:0',
    '/lib/liba.so.1': 'file 755 3:4 library',
    '/tmp': 'directory 755 0:0',
  });
  expect(packed.lookup(imagePath('/lib/liba.so.1'))?.mtime).toBe(1_700_000_000);
});

describe('what arrives by several names', () => {
  const NAMES = ['/lib/liba.so.1', '/usr/lib/liba.so.1', '/usr/lib/liba.so.1.2', '/bin/one', '/bin/other'];

  test('is there by each of them', async () => {
    await using made = await viewOf(TABLE, ...NAMES);
    await using packed = await made.packed();
    expect(compareRootfs(packed, made.layout)).toEqual([]);
    for (const name of NAMES) {
      const path = imagePath(name);
      const text = name.startsWith('/bin') ? 'program' : 'library';
      expect(Buffer.from(made.view.read(path)).toString()).toBe(text);
      expect(Buffer.from(packed.read(path)).toString()).toBe(text);
    }
  });

  test('holds its bytes once', async () => {
    await using made = await viewOf(TABLE, ...NAMES);
    await using packed = await made.packed();
    expect(packed.size()).toEqual({ files: 5, bytes: 'library'.length + 'program'.length });
  });
});

test('it lists what it holds, in order, and knows nothing else', async () => {
  await using made = await viewOf(TABLE, '/bin/other', '/bin/one', '/tmp');
  expect(made.view.list(ROOT)).toEqual(['bin', 'tmp']);
  expect(made.view.list(imagePath('/bin'))).toEqual(['one', 'other']);
  expect(made.view.list(imagePath('/usr'))).toEqual([]);
  expect(made.view.lookup(imagePath('/unused'))).toBeUndefined();
});
