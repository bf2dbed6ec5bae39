import { type ByteSource, readRange } from './byte-source.ts';
import { ElfError } from './elf-error.ts';
import { type ElfFormat, word, wordSize } from './elf-format.ts';
import { mappedAt, PT_DYNAMIC, type Segment } from './program-headers.ts';
import { type StringTable, stringTable } from './string-table.ts';

/** d_tag values used here: elf(5), and elf.h for the GNU and Sun ones. */
export const TAG = {
  needed: 1,
  hash: 4,
  stringTable: 5,
  symbolTable: 6,
  stringTableSize: 10,
  symbolSize: 11,
  soname: 14,
  rpath: 15,
  runpath: 29,
  gnuHash: 0x6ffffef5,
  flags1: 0x6ffffffb,
  versionNeeds: 0x6ffffffe,
  versionNeedCount: 0x6fffffff,
  auxiliary: 0x7ffffffd,
  filter: 0x7fffffff,
} as const;

const KNOWN: ReadonlySet<number> = new Set(Object.values(TAG));

/** One entry of the dynamic section; `at` is its place in the file. */
export type DynamicEntry = { readonly tag: number; readonly value: number; readonly at: number };

/** The entries with a tag of `TAG`, in the order of the file. */
export type DynamicSection = {
  readonly entries: readonly DynamicEntry[];
  readonly strings: StringTable;
};

/**
 * The dynamic section as the loader finds it, by PT_DYNAMIC's address through PT_LOAD and not by section headers
 * (elf/dl-load.c `_dl_map_object_from_fd`). Null where there is none; one without bytes, as separate debug files
 * have it, counts as none.
 * @throws ElfError where its address or its string table is in no segment, or its bytes leave the file.
 */
export function readDynamicSection(
  source: ByteSource,
  segments: readonly Segment[],
  format: ElfFormat,
): DynamicSection | null {
  const segment = segments.findLast(({ type, fileSize }) => type === PT_DYNAMIC && fileSize > 0);
  if (segment === undefined) return null;
  const mapped = mappedAt(segments, segment.address);
  if (mapped === undefined)
    throw new ElfError(segment.at, 'cannot read dynamic section: no PT_LOAD holds it');
  const length = Math.min(segment.memorySize, mapped.length);
  const view = readRange(source, mapped.offset, length, 'dynamic section');
  const entries = entriesOf(view, mapped.offset, format);
  return { entries, strings: stringsOf(source, segments, entries) };
}

function entriesOf(view: DataView, offset: number, format: ElfFormat): DynamicEntry[] {
  const size = 2 * wordSize(format);
  const entries: DynamicEntry[] = [];
  for (let at = 0; at + size <= view.byteLength; at += size) {
    const tag = word(view, at, format);
    if (tag === 0) break;
    if (KNOWN.has(tag)) entries.push({ tag, value: word(view, at + size / 2, format), at: offset + at });
  }
  return entries;
}

function stringsOf(
  source: ByteSource,
  segments: readonly Segment[],
  entries: readonly DynamicEntry[],
): StringTable {
  const place = entries.findLast((entry) => entry.tag === TAG.stringTable);
  if (place === undefined) {
    return () => {
      throw new ElfError(
        entries[0]?.at ?? 0,
        'cannot read string: the dynamic section names no string table',
      );
    };
  }
  const mapped = mappedAt(segments, place.value);
  if (mapped === undefined) throw new ElfError(place.at, 'cannot read string table: no PT_LOAD holds it');
  const claimed = entries.findLast((entry) => entry.tag === TAG.stringTableSize)?.value ?? mapped.length;
  return stringTable(source, mapped.offset, Math.min(claimed, mapped.length));
}

/** The value of a tag; of several the last, as elf/get-dynamic-info.h takes it. */
export function tagValue(section: DynamicSection, tag: number): number | undefined {
  return section.entries.findLast((entry) => entry.tag === tag)?.value;
}
