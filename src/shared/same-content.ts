import type { FileTree } from './file-tree.ts';
import type { ImagePath } from './image-path.ts';

const CHUNK_BYTES = 1 << 20;

/** Whether two regular files, each at exactly its path, hold the same bytes. */
export function sameContent(a: FileTree, pathA: ImagePath, b: FileTree, pathB: ImagePath): boolean {
  const size = a.lookup(pathA)?.size;
  if (size === undefined || size !== b.lookup(pathB)?.size) return false;
  for (let offset = 0; offset < size; offset += CHUNK_BYTES) {
    const [chunk, other] = [a.read(pathA, offset, CHUNK_BYTES), b.read(pathB, offset, CHUNK_BYTES)];
    if (Buffer.compare(chunk, other) !== 0) return false;
  }
  return true;
}
