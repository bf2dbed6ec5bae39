import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type TarItem, underlayItems } from '../../src/image/pack-tar.ts';
import type { RootfsView } from '../../src/image/rootfs-view.ts';
import { type FileTree, type TreeEntry, walk } from '../../src/shared/file-tree.ts';
import { baseName, comparePaths, type ImagePath, imagePath, parentOf } from '../../src/shared/image-path.ts';
import { OverlayTree } from '../../src/shared/overlay-tree.ts';
import { anyTable } from '../support/any-rootfs.ts';
import { type RootfsTable, rootfsOf } from '../support/rootfs.ts';

/** What is put into a container of the tree above; undefined where the two do not lie side by side. */
async function missingOf(under: RootfsTable, over: RootfsTable): Promise<Record<string, string> | undefined> {
  await using below = await rootfsOf(under);
  await using above = await rootfsOf(over);
  const missing = underlayItems(new OverlayTree(below, above));
  if (missing === undefined) return undefined;
  return Object.fromEntries(
    [...missing.items()].map(({ name, type, mode = 0, uid, gid, linkname, content }) => {
      if (type === 'symlink' || type === 'link') return [`/${name}`, `${type} ${linkname}`];
      const head = `${type} ${mode.toString(8)} ${uid}:${gid}`;
      return [
        `/${name}`,
        type === 'file' ? `${head} ${Buffer.from(content as Uint8Array).toString()}` : head,
      ];
    }),
  );
}

describe('what a tree lacks to be the whole with one that lies under it', () => {
  test('is what that one alone has, links of files included', async () => {
    const under = { '/usr/bin/node': 'elf', '/usr/bin/nodejs': 'link /usr/bin/node', '/etc/conf': 'theirs' };
    const over = { '/usr/bin/sh': 'elf', '/etc/conf': 'mine' };
    expect(await missingOf(under, over)).toEqual({
      '/usr/bin/node': 'file 644 0:0 elf',
      '/usr/bin/nodejs': 'link usr/bin/node',
    });
  });

  test('is nothing where it has all of it alike', async () => {
    const both = { '/usr/bin/node': 'elf', '/bin': 'symlink usr/bin' };
    expect(await missingOf(both, { ...both, '/app/server.js': 'x' })).toEqual({});
  });

  test('is also what has the same bytes and another owner, mode or time', async () => {
    const under = {
      '/a': { content: 'x', mtime: 7 },
      '/b': { content: 'x', uid: 7 },
      '/d': 'directory 1777',
    };
    const over = { '/a': { content: 'x', mtime: 8 }, '/b': 'x', '/d': 'directory' };
    expect(await missingOf(under, over)).toEqual({
      '/a': 'file 644 0:0 x',
      '/b': 'file 644 7:0 x',
      '/d': 'directory 1777 0:0',
    });
  });

  test('is a directory with all that is in it where it has a link to one', async () => {
    const big = Buffer.alloc(1 << 20);
    const over = { '/lib64': 'symlink usr/lib64', '/usr/lib64/big.so': big, '/usr/lib64/other.so': 'o' };
    expect(await missingOf({ '/lib64/big.so': big, '/lib64/ld.so': 'elf' }, over)).toEqual({
      '/lib64': 'directory 755 0:0',
      '/lib64/big.so': 'link usr/lib64/big.so',
      '/lib64/ld.so': 'file 644 0:0 elf',
      '/lib64/other.so': 'file 644 0:0 o',
    });
  });

  test('is a link, and all that it leads to, where it has a directory', async () => {
    const under = { '/lib': 'symlink usr/lib', '/usr/lib/b.so': 'b' };
    expect(await missingOf(under, { '/lib/a.so': 'a' })).toEqual({
      '/lib': 'symlink usr/lib',
      '/usr': 'directory 755 0:0',
      '/usr/lib': 'directory 755 0:0',
      '/usr/lib/a.so': 'file 644 0:0 a',
      '/usr/lib/b.so': 'file 644 0:0 b',
    });
  });
});

test('a tree above with what it lacks put over it is the whole', async () => {
  await fc.assert(
    fc.asyncProperty(anyTable, anyTable, async (under, over) => {
      await using below = await rootfsOf(under);
      await using above = await rootfsOf(over);
      const whole = new OverlayTree(below, above);
      const missing = underlayItems(whole);
      if (missing === undefined) return fc.pre(false);
      expect(pathsIn(unpackedOver(above, missing.items()))).toEqual(pathsIn(whole));
    }),
  );
});

/** A tree with a tar unpacked over it as the engine does: what is put in takes the place of all but directories. */
function unpackedOver(above: RootfsView, items: Iterable<TarItem>): FileTree {
  type File = { readonly entry: TreeEntry; readonly bytes: Uint8Array };
  const files = new Map<ImagePath, File>();
  for (const [path, entry] of walk(above)) {
    files.set(path, { entry, bytes: entry.type === 'file' ? above.read(path) : Buffer.of() });
  }
  for (const { name, type, mode = 0, size = 0, linkname = '', content = Buffer.of() } of items) {
    const path = imagePath(name);
    const linked = type === 'link' ? files.get(imagePath(linkname)) : undefined;
    if (type === 'link') expect(linked).toBeDefined();
    if (files.get(path)?.entry.type !== 'directory' || type !== 'directory') {
      for (const there of [...files.keys()]) if (there.startsWith(`${path}/`)) files.delete(there);
    }
    if (parentOf(path) !== '/') expect(files.get(parentOf(path))?.entry.type).toBe('directory');
    const entry = { type, mode, size, linkTarget: type === 'symlink' ? linkname : null } as TreeEntry;
    files.set(path, linked ?? { entry, bytes: content as Uint8Array });
  }
  return {
    lookup: (path) => files.get(path)?.entry,
    list: (directory) =>
      [...files.keys()]
        .filter((path) => parentOf(path) === directory && path !== '/')
        .map(baseName)
        .sort(comparePaths),
    read: (path) => files.get(path)?.bytes ?? Buffer.of(),
  };
}

function pathsIn(tree: FileTree): Record<string, string> {
  const kept = [...walk(tree)].filter(([, { type }]) => ['file', 'directory', 'symlink'].includes(type));
  return Object.fromEntries(
    kept.map(([path, { type, mode, linkTarget }]) => {
      const content = type === 'file' ? Buffer.from(tree.read(path)).toString('latin1') : linkTarget;
      return [path, `${type} ${mode} ${content}`];
    }),
  );
}
