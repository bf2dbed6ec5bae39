import { type FileTree, resolvePath, walk } from '../../shared/file-tree.ts';
import { childOf, type ImagePath, imagePath } from '../../shared/image-path.ts';

/** Whether a path leads to a regular file, through links or not. */
export function isFile(tree: FileTree, path: string): boolean {
  return resolvePath(tree, path).entry?.type === 'file';
}

/** Whether a path leads to a directory, through links or not. */
export function isDirectory(tree: FileTree, path: string): boolean {
  return resolvePath(tree, path).entry?.type === 'directory';
}

/** The paths in a directory, by the name that the directory is asked for by; none where there is no directory. */
export function pathsIn(tree: FileTree, directory: string): ImagePath[] {
  const found = resolvePath(tree, directory);
  if (found.entry?.type !== 'directory') return [];
  return tree.list(found.path).map((name) => childOf(imagePath(directory), name));
}

/**
 * Everything below a directory but directories, by the name that the directory is asked for by. Links to directories
 * in it are left out.
 */
export function filesBelow(tree: FileTree, directory: string): ImagePath[] {
  const found = resolvePath(tree, directory);
  if (found.entry?.type !== 'directory') return [];
  return [...walk(tree, found.path)]
    .map(([path, entry]) => ({ path: imagePath(`${directory}/${path.slice(found.path.length)}`), entry }))
    .filter(({ path, entry }) => (entry.type === 'symlink' ? isFile(tree, path) : entry.type === 'file'))
    .map(({ path }) => path);
}
