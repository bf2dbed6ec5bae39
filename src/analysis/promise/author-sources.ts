import type { FileTree } from '../../shared/file-tree.ts';
import type { ImagePath } from '../../shared/image-path.ts';
import { isGoverned } from './data-directory.ts';
import type { PromiseContext } from './rule.ts';

/** Larger texts are data, not sources. */
const MAX_SOURCE_BYTES = 256 * 1024;

/** The text of a file that can be a source; null for a large file, and for one with a byte zero. */
export function sourceText(tree: FileTree, path: ImagePath): string | null {
  const entry = tree.lookup(path);
  if (entry?.type !== 'file' || entry.size > MAX_SOURCE_BYTES) return null;
  const bytes = tree.read(path);
  return bytes.includes(0) ? null : new TextDecoder().decode(bytes);
}

/** Whether the author has written a file: no package has it, and no package manager governs its place. */
export function isAuthorSource({ made, packages }: PromiseContext, path: ImagePath): boolean {
  return made(path) === 'author' && packages.ownerOf(path) === undefined && !isGoverned(path);
}
