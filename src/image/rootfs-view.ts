import type { FileTree } from '../shared/file-tree.ts';
import type { ImagePath } from '../shared/image-path.ts';
import type { RootfsEntry } from './rootfs-entry.ts';

/** A root file system with all that an image keeps of each path: the whole of one, or a part. */
export interface RootfsView extends FileTree {
  lookup(path: ImagePath): RootfsEntry | undefined;
}
