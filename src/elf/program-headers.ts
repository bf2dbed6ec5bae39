import { type ByteSource, readRange } from './byte-source.ts';
import { ElfError } from './elf-error.ts';
import { word } from './elf-format.ts';
import type { ElfHeader } from './elf-header.ts';

/** p_type values used here, elf(5). */
export const PT_LOAD = 1;
export const PT_DYNAMIC = 2;
export const PT_INTERP = 3;
export const PT_NOTE = 4;

/** One program header: a range of the file and the memory it goes to, in bytes. */
export type Segment = {
  readonly type: number;
  readonly writable: boolean;
  readonly offset: number;
  readonly address: number;
  readonly fileSize: number;
  readonly memorySize: number;
  readonly align: number;
  /** Where the header itself stands in the file. */
  readonly at: number;
};

const PF_W = 2;

/**
 * The program header table. A file without one (relocatable, or only sections) has none.
 * @throws ElfError where the table leaves the file, its entries have the wrong size (as elf/dl-load.c `open_verify`
 *   checks it), or two PT_LOAD overlap in memory, so that no address would have one place in the file.
 */
export function readSegments(source: ByteSource, header: ElfHeader): Segment[] {
  const { offset, entrySize, count } = header.programHeaders;
  if (count === 0) return [];
  const expected = header.format.bits === 64 ? 56 : 32;
  if (entrySize !== expected) {
    throw new ElfError(
      header.format.bits === 64 ? 54 : 42,
      `cannot read program headers: ${entrySize} bytes each`,
    );
  }
  const table = readRange(source, offset, entrySize * count, 'program headers');
  const segments = Array.from({ length: count }, (_, index) =>
    segmentAt(table, index * entrySize, header, offset + index * entrySize),
  );
  refuseOverlap(segments);
  return segments;
}

function segmentAt(table: DataView, at: number, { format }: ElfHeader, place: number): Segment {
  const u32 = (field: number) => table.getUint32(at + field, format.littleEndian);
  const wide = (field: number) => word(table, at + field, format);
  const is64 = format.bits === 64;
  return {
    type: u32(0),
    writable: (u32(is64 ? 4 : 24) & PF_W) !== 0,
    offset: wide(is64 ? 8 : 4),
    address: wide(is64 ? 16 : 8),
    fileSize: wide(is64 ? 32 : 16),
    memorySize: wide(is64 ? 40 : 20),
    align: wide(is64 ? 48 : 28),
    at: place,
  };
}

function refuseOverlap(segments: readonly Segment[]): void {
  const loads = segments.filter((segment) => segment.type === PT_LOAD && segment.memorySize > 0);
  loads.sort((a, b) => a.address - b.address);
  for (const [index, segment] of loads.entries()) {
    const before = loads[index - 1];
    if (before !== undefined && before.address + before.memorySize > segment.address) {
      throw new ElfError(segment.at, 'cannot map file: two PT_LOAD segments overlap');
    }
  }
}

/** A stretch of the file that an address is loaded from: its offset, and the bytes from there to the segment's end. */
export type MappedRange = { readonly offset: number; readonly length: number };

/** Where the loader would have taken the byte at an address from; undefined where no PT_LOAD holds it in the file. */
export function mappedAt(segments: readonly Segment[], address: number): MappedRange | undefined {
  const holder = segments.find(
    (segment) =>
      segment.type === PT_LOAD && segment.address <= address && address < segment.address + segment.fileSize,
  );
  if (holder === undefined) return undefined;
  const into = address - holder.address;
  return { offset: holder.offset + into, length: holder.fileSize - into };
}
