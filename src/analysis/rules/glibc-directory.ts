import { type FileTree, resolvePath } from '../../shared/file-tree.ts';
import { baseName, type ImagePath, parentOf } from '../../shared/image-path.ts';
import type { RuleContext } from '../rule.ts';

/** `libc.so.6`, or what it leads to before glibc 2.34: `libc-2.31.so`. */
const LIBC = /^libc(\.so\.6|-[\d.]+\.so)$/;

/** glibc's own file in the closure of a launch. */
export function glibcFile({ objects }: Pick<RuleContext, 'objects'>): ImagePath | undefined {
  return objects.find((path) => LIBC.test(baseName(path)));
}

/**
 * The directories where glibc's own modules lie: beside libc, and where /usr is not merged also the directory of the
 * same name below /usr.
 */
export function glibcDirectories(tree: FileTree, libc: ImagePath): ImagePath[] {
  const directory = parentOf(libc);
  const found = [`${directory}`, `/usr${directory}`].map((path) => resolvePath(tree, path));
  return [...new Set(found.flatMap(({ path, entry }) => (entry?.type === 'directory' ? [path] : [])))];
}
