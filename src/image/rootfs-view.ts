import type { FileTree } from '../shared/file-tree.ts';
import { ancestorsOf, childOf, type ImagePath } from '../shared/image-path.ts';
import type { RootfsEntry } from './rootfs-entry.ts';

/** A root file system with all that an image keeps of each path: the whole of one, or a part. */
export interface RootfsView extends FileTree {
  lookup(path: ImagePath): RootfsEntry | undefined;
}

/** A root file system of exactly the given paths and the directories above them. */
export function partOf(rootfs: RootfsView, paths: Iterable<ImagePath>): RootfsView {
  const there = new Set<ImagePath>();
  for (const path of paths) for (const step of [path, ...ancestorsOf(path)]) there.add(step);
  return {
    lookup: (path) => (there.has(path) ? rootfs.lookup(path) : undefined),
    list: (directory) => rootfs.list(directory).filter((name) => there.has(childOf(directory, name))),
    read: (path, offset, length) => rootfs.read(path, offset, length),
  };
}
