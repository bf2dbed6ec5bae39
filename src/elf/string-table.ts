import type { ByteSource } from './byte-source.ts';
import { ElfError } from './elf-error.ts';

/** Reads the NUL-terminated text at an index of a string table. */
export type StringTable = (index: number) => string;

const BLOCK = 4096;

/**
 * The strings in a range of a file, read block by block and only where asked.
 * All strings together may not be longer than the file: a hostile table names one long string over and over.
 * @throws ElfError (from the returned function) for an index outside, a string without end, or that excess.
 */
export function stringTable(source: ByteSource, offset: number, length: number): StringTable {
  const blocks = new Map<number, Uint8Array>();
  let budget = source.size;
  const block = (index: number): Uint8Array => {
    const known = blocks.get(index);
    if (known !== undefined) return known;
    const start = index * BLOCK;
    const bytes = source.read(offset + start, Math.min(BLOCK, length - start, source.size - offset - start));
    blocks.set(index, bytes);
    return bytes;
  };
  return (index) => {
    const place = offset + index;
    if (index < 0 || index >= length || place >= source.size) {
      throw new ElfError(place, 'cannot read string: it lies outside the string table');
    }
    const parts: Uint8Array[] = [];
    for (let at = index; ; ) {
      const bytes = at < length ? block(Math.floor(at / BLOCK)) : new Uint8Array(0);
      const from = at % BLOCK;
      if (from >= bytes.length) throw new ElfError(place, 'cannot read string: it has no end');
      const end = bytes.indexOf(0, from);
      const part = bytes.subarray(from, end < 0 ? bytes.length : end);
      parts.push(part);
      budget -= part.length;
      if (budget < 0)
        throw new ElfError(place, 'cannot read strings: together they are longer than the file');
      if (end >= 0) break;
      at += part.length;
    }
    return Buffer.concat(parts).toString('utf8');
  };
}
