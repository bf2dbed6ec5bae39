import type { FileTree, TreeEntry } from '../shared/file-tree.ts';
import { baseName, comparePaths, type ImagePath, imagePath, parentOf } from '../shared/image-path.ts';
import type { ContextEntry } from './build-context.ts';

/**
 * A build context as a file tree whose root is the context's directory, so that links in it are followed as in an
 * image.
 */
export type ContextTree = FileTree & { entryAt(path: ImagePath): ContextEntry | undefined };

/** The entries that a COPY can see; content cannot be read through the tree. */
export function contextTree(entries: Iterable<ContextEntry>): ContextTree {
  const byPath = new Map<ImagePath, ContextEntry>();
  const names = new Map<ImagePath, string[]>();
  for (const entry of entries) {
    if (entry.ignored) continue;
    const path = imagePath(entry.path);
    byPath.set(path, entry);
    const siblings = names.get(parentOf(path));
    if (siblings === undefined) names.set(parentOf(path), [baseName(path)]);
    else siblings.push(baseName(path));
  }
  for (const siblings of names.values()) siblings.sort(comparePaths);
  return {
    entryAt: (path) => byPath.get(path),
    lookup: (path): TreeEntry | undefined => byPath.get(path),
    list: (directory) => names.get(directory) ?? [],
    read() {
      throw new RangeError('the tree of a build context holds no content');
    },
  };
}
