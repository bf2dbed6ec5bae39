import type { FileTree } from '../shared/file-tree.ts';
import type { ImagePath } from '../shared/image-path.ts';
import { ElfError } from './elf-error.ts';

/** A file that is read in ranges and never as a whole. `size` in bytes. */
export interface ByteSource {
  readonly size: number;
  /** At most `length` bytes from `offset`; shorter only at the end of the file. */
  read(offset: number, length: number): Uint8Array;
}

/** A regular file of a tree, by its place free of links. */
export function fileSource(tree: FileTree, path: ImagePath): ByteSource {
  const size = tree.lookup(path)?.size ?? 0;
  return { size, read: (offset, length) => tree.read(path, offset, length) };
}

/** Bytes already in memory. */
export function bytesSource(bytes: Uint8Array): ByteSource {
  return { size: bytes.length, read: (offset, length) => bytes.subarray(offset, offset + length) };
}

/**
 * A range that has to be there in full; `what` names it in the error.
 * Nothing is allocated for a range that the file does not have.
 * @throws ElfError where the range leaves the file.
 */
export function readRange(source: ByteSource, offset: number, length: number, what: string): DataView {
  const inside = offset >= 0 && length >= 0 && offset + length <= source.size;
  if (!inside) throw new ElfError(offset, `cannot read ${what}: it leaves the file of ${source.size} bytes`);
  const bytes = source.read(offset, length);
  if (bytes.length < length) throw new ElfError(offset, `cannot read ${what}: the file ends inside it`);
  return new DataView(bytes.buffer, bytes.byteOffset, length);
}

/** Bytes as text, latin-1: every byte one character, so that offsets in the text are offsets in the bytes. */
export function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}
