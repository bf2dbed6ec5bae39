import type { Rootfs } from '../image/rootfs.ts';
import type { RootfsEntry } from '../image/rootfs-entry.ts';
import type { RootfsView } from '../image/rootfs-view.ts';
import { resolvePath } from '../shared/file-tree.ts';
import { baseName, comparePaths, type ImagePath, parentOf } from '../shared/image-path.ts';
import type { Layout, LayoutDirectory, LayoutLink } from './layout.ts';

/**
 * A layout as the file system that an image of it would have, without building one. What arrives by several names
 * is one file with hard links here, so that a candidate holds its bytes once; in an image they are copies.
 */
export function layoutView(rootfs: Rootfs, { entries }: Pick<Layout, 'entries'>): RootfsView {
  const found = new Map<ImagePath, RootfsEntry>();
  const sources = new Map<ImagePath, ImagePath>();
  const firstNames = new Map<ImagePath, ImagePath>();
  const children = new Map<ImagePath, string[]>();
  for (const entry of entries) {
    const { path } = entry;
    children.set(parentOf(path), [...(children.get(parentOf(path)) ?? []), baseName(path)]);
    if (entry.type !== 'file') {
      found.set(path, entry.type === 'directory' ? directoryEntry(entry) : linkEntry(entry));
      continue;
    }
    const real = resolvePath(rootfs, entry.source).path;
    sources.set(path, real);
    const file = rootfs.lookup(real) as RootfsEntry;
    const content = file.hardLinkTo ?? real;
    found.set(path, { ...file, hardLinkTo: firstNames.get(content) ?? null });
    if (!firstNames.has(content)) firstNames.set(content, path);
  }
  for (const names of children.values()) names.sort(comparePaths);
  return {
    lookup: (path) => found.get(path),
    list: (directory) => children.get(directory) ?? [],
    read: (path, offset, length) => rootfs.read(sources.get(path) ?? path, offset, length),
  };
}

const NONE = { size: 0, hardLinkTo: null, offset: 0, mtime: 0 };

function directoryEntry({ mode, uid, gid }: LayoutDirectory): RootfsEntry {
  return { type: 'directory', mode, uid, gid, linkTarget: null, ...NONE };
}

function linkEntry({ mode, uid, gid, target }: LayoutLink): RootfsEntry {
  return { type: 'symlink', mode, uid, gid, linkTarget: target, ...NONE };
}
