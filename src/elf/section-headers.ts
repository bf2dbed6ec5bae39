import { type ByteSource, readRange } from './byte-source.ts';
import { ElfError } from './elf-error.ts';
import { word } from './elf-format.ts';
import type { ElfHeader } from './elf-header.ts';

/** A section with notes: a range of the file, and the alignment of the notes in it. */
export type NoteSection = { readonly offset: number; readonly size: number; readonly align: number };

const SHT_NOTE = 7;

/**
 * The sections of type SHT_NOTE; none where section headers are stripped. With 65,280 sections and more the number
 * stands in the first header, elf(5).
 * @throws ElfError where the table leaves the file.
 */
export function noteSections(source: ByteSource, header: ElfHeader): NoteSection[] {
  const { offset, entrySize } = header.sectionHeaders;
  if (offset === 0) return [];
  const { format } = header;
  const is64 = format.bits === 64;
  if (entrySize !== (is64 ? 64 : 40)) {
    throw new ElfError(is64 ? 58 : 46, `cannot read section headers: ${entrySize} bytes each`);
  }
  const sizeAt = is64 ? 32 : 20;
  const first = readRange(source, offset, entrySize, 'section headers');
  const count = header.sectionHeaders.count || word(first, sizeAt, format);
  const table = readRange(source, offset, count * entrySize, 'section headers');
  const notes: NoteSection[] = [];
  for (let at = 0; at < table.byteLength; at += entrySize) {
    if (table.getUint32(at + 4, format.littleEndian) !== SHT_NOTE) continue;
    notes.push({
      offset: word(table, at + (is64 ? 24 : 16), format),
      size: word(table, at + sizeAt, format),
      align: word(table, at + (is64 ? 48 : 32), format),
    });
  }
  return notes;
}
