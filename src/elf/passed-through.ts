import { type FileTree, resolvePath } from '../shared/file-tree.ts';
import type { ImagePath } from '../shared/image-path.ts';

/**
 * The directories that a path enters only to leave them by `..`, as `/opt/app/bin` in `/opt/app/bin/../lib/x.so`.
 * Nothing in them is needed, but they have to be there: the kernel walks through them, path_resolution(7).
 */
export function passedThrough(tree: FileTree, path: string): ImagePath[] {
  const result = new Set<ImagePath>();
  for (const { index } of path.matchAll(/\/\.\.(?=\/|$)/g)) {
    const { path: directory, entry } = resolvePath(tree, path.slice(0, index));
    if (entry?.type === 'directory' && directory !== '/') result.add(directory);
  }
  return [...result];
}
