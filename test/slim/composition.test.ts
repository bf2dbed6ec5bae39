import { describe, expect, test } from 'vitest';
import type { Need } from '../../src/analysis/need.ts';
import type { ImageConfig } from '../../src/engine/engine.ts';
import type { RootfsUnit } from '../../src/entry/unit.ts';
import { resolvePath } from '../../src/shared/file-tree.ts';
import { imagePath } from '../../src/shared/image-path.ts';
import { compose, type OtherImage } from '../../src/slim/baseline/composition.ts';
import { type RootfsTable, rootfsOf } from '../support/rootfs.ts';

const need = (path: string): Need => ({ path: imagePath(path), reason: { kind: 'traced', how: 'opened' } });

/** The names that are left of needs when a unit lies over or under another image. */
async function ownOf(
  kind: 'over' | 'under',
  { own, other, needs }: { own: RootfsTable; other: RootfsTable; needs: readonly string[] },
): Promise<string[]> {
  await using rootfs = await rootfsOf(own);
  await using others = await rootfsOf(other);
  const image: OtherImage = { unit: {} as RootfsUnit, config: {} as ImageConfig, rootfs: others };
  const composed = compose(kind === 'over' ? { kind, runtime: image } : { kind, delta: image }, rootfs);
  for (const path of needs) expect(resolvePath(composed.tree, path).entry).toBeDefined();
  return composed.toUnit(needs.map(need)).map(({ path }) => path);
}

describe('a delta over its runtime', () => {
  test('needs what it provides, and not what the runtime provides', async () => {
    const own = { '/app/server.js': 'x' };
    const other = { '/usr/bin/node': 'elf' };
    expect(await ownOf('over', { own, other, needs: ['/app/server.js', '/usr/bin/node'] })).toEqual([
      '/app/server.js',
    ]);
  });

  test('does not copy again what the runtime has alike', async () => {
    const own = { '/lib/c.so': 'same', '/etc/conf': 'mine' };
    const other = { '/lib/c.so': 'same', '/etc/conf': 'theirs' };
    expect(await ownOf('over', { own, other, needs: ['/lib/c.so', '/etc/conf'] })).toEqual(['/etc/conf']);
  });

  test('names by its own place what the program names through a link of the runtime', async () => {
    const own = { '/srv/data/page': 'x' };
    const other = { '/data': 'symlink /srv/data' };
    expect(await ownOf('over', { own, other, needs: ['/data/page'] })).toEqual(['/srv/data/page']);
  });

  test('keeps the name that leads through its own link', async () => {
    const own = { '/data': 'symlink /srv/data', '/srv/data/page': 'x' };
    const needs = await ownOf('over', { own, other: { '/bin/sh': '' }, needs: ['/data/page'] });
    expect(needs).toContain('/data/page');
  });
});

describe('a runtime under the delta of an entry that builds on it', () => {
  test('needs what the whole takes from it, and not what the delta provides', async () => {
    const own = { '/usr/bin/node': 'elf', '/etc/conf': 'theirs' };
    const other = { '/app/server.js': 'x', '/etc/conf': 'mine' };
    const needs = ['/usr/bin/node', '/app/server.js', '/etc/conf'];
    expect(await ownOf('under', { own, other, needs })).toEqual(['/usr/bin/node']);
  });
});
