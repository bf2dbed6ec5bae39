import { latin1 } from '../../elf/byte-source.ts';
import { type FileTree, resolvePath } from '../../shared/file-tree.ts';
import type { ImagePath } from '../../shared/image-path.ts';

const CHUNK_BYTES = 1 << 20;

/** Texts of a program end somewhere; a longer one is none. Linux has no longer path, PATH_MAX. */
const LONGEST_BYTES = 4096;

/**
 * Every text in a compiled file that begins with `mark`, without it, up to `end`. The file is read in ranges; a text
 * may come twice.
 */
export function* compiledTexts(
  tree: FileTree,
  file: string,
  { mark, end }: { mark: string; end: string },
): Generator<string> {
  const { path, entry } = resolvePath(tree, file);
  if (entry?.type !== 'file') return;
  for (let at = 0; at < entry.size; at += CHUNK_BYTES) {
    const bytes = tree.read(path, at, CHUNK_BYTES + mark.length + LONGEST_BYTES);
    const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    for (
      let from = chunk.indexOf(mark);
      from >= 0 && from < CHUNK_BYTES;
      from = chunk.indexOf(mark, from + 1)
    ) {
      const start = from + mark.length;
      const stop = chunk.indexOf(end, start);
      if (stop >= 0 && stop - start <= LONGEST_BYTES) yield chunk.toString('utf8', start, stop);
    }
  }
}

/**
 * The bytes of a file as text, latin-1, in chunks that overlap by the length of the longest text: a text on the border
 * of two chunks is whole in one of them.
 */
export function* textChunks(tree: FileTree, path: ImagePath): Generator<string> {
  const size = tree.lookup(path)?.size ?? 0;
  for (let at = 0; at < size; at += CHUNK_BYTES) {
    yield latin1(tree.read(path, at, CHUNK_BYTES + LONGEST_BYTES));
  }
}
