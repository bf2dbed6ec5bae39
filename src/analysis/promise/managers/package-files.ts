import type { FileTree } from '../../../shared/file-tree.ts';
import { childOf, type ImagePath } from '../../../shared/image-path.ts';

/** Every file and link below a directory, but below directories of that name in it, which hold other packages. */
export function filesWithout(tree: FileTree, directory: ImagePath, left: string | null): ImagePath[] {
  return tree.list(directory).flatMap((name) => {
    const path = childOf(directory, name);
    const type = tree.lookup(path)?.type;
    if (type !== 'directory') return type === undefined ? [] : [path];
    return name === left ? [] : filesWithout(tree, path, left);
  });
}
