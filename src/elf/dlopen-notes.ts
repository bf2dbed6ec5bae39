import { append } from '../shared/append.ts';
import { withoutTrailing } from '../shared/trim-end.ts';
import { type ByteSource, latin1, readRange } from './byte-source.ts';
import { ElfError } from './elf-error.ts';
import { PT_NOTE } from './program-headers.ts';
import type { ElfFile } from './read-elf.ts';
import { noteSections } from './section-headers.ts';

/** How much a program needs a library that it opens at run time: the words of the specification. */
export const DLOPEN_PRIORITIES = ['required', 'recommended', 'suggested'] as const;
export type DlopenPriority = (typeof DLOPEN_PRIORITIES)[number];

/** A library that an object says it will dlopen: `sonames` are tried in order, the first found serves. */
export type DlopenNote = {
  readonly sonames: readonly string[];
  readonly feature: string | null;
  readonly description: string | null;
  /** `recommended` where the note gives none, as the specification has it. */
  readonly priority: DlopenPriority;
};

const NOTE_TYPE = 0x407c0c0a;
const OWNER = 'FDO\0';

type NoteRange = { readonly offset: number; readonly size: number; readonly align: number };

/**
 * The dlopen metadata of an object (`.note.dlopen`), as systemd's docs/ELF_DLOPEN_METADATA.md defines it: notes of the
 * owner FDO with a JSON object or a list of them. Found through PT_NOTE, else through section headers.
 * @throws ElfError where notes leave the file or hold no such JSON.
 */
export function readDlopenNotes(source: ByteSource, elf: ElfFile): DlopenNote[] {
  const loaded = elf.segments.filter(({ type }) => type === PT_NOTE);
  const segments = loaded.map(({ offset, fileSize, align }) => ({ offset, size: fileSize, align }));
  const found = notesIn(source, elf, segments);
  return found.length > 0 ? found : notesIn(source, elf, noteSections(source, elf.header));
}

function notesIn(source: ByteSource, elf: ElfFile, ranges: readonly NoteRange[]): DlopenNote[] {
  const total = ranges.reduce((sum, { size }) => sum + size, 0);
  if (total > source.size) {
    throw new ElfError(ranges[0]?.offset ?? 0, 'cannot read notes: together they are longer than the file');
  }
  return ranges.flatMap((range) => notesOf(source, elf, range));
}

function notesOf(source: ByteSource, elf: ElfFile, range: NoteRange): DlopenNote[] {
  const little = elf.header.format.littleEndian;
  const align = range.align === 8 ? 8 : 4;
  const up = (length: number) => Math.ceil(length / align) * align;
  const end = range.offset + range.size;
  const notes: DlopenNote[] = [];
  for (let at = range.offset; at + 12 <= end; ) {
    const head = readRange(source, at, 12, 'note');
    const nameSize = head.getUint32(0, little);
    const size = head.getUint32(4, little);
    const text = at + up(12 + nameSize);
    if (text + size > end) throw new ElfError(at, 'cannot read note: it leaves its segment');
    if (head.getUint32(8, little) === NOTE_TYPE && textAt(source, at + 12, nameSize) === OWNER) {
      append(notes, parseNote(textAt(source, text, size), text));
    }
    at = text + up(size);
  }
  return notes;
}

function textAt(source: ByteSource, offset: number, length: number): string {
  const view = readRange(source, offset, length, 'note');
  return latin1(new Uint8Array(view.buffer, view.byteOffset, length));
}

function parseNote(bytes: string, offset: number): DlopenNote[] {
  const text = withoutTrailing(Buffer.from(bytes, 'latin1').toString('utf8'), '\0');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new ElfError(offset, `cannot read dlopen note: ${(cause as Error).message}`);
  }
  return (Array.isArray(value) ? value : [value]).map((item) => noteOf(item, offset));
}

function noteOf(item: unknown, offset: number): DlopenNote {
  const { soname, feature, description, priority } = (item ?? {}) as Record<string, unknown>;
  const sonames = typeof soname === 'string' ? [soname] : soname;
  if (!Array.isArray(sonames) || !sonames.every((name) => typeof name === 'string')) {
    throw new ElfError(offset, 'cannot read dlopen note: no soname');
  }
  return {
    sonames,
    feature: typeof feature === 'string' ? feature : null,
    description: typeof description === 'string' ? description : null,
    priority: DLOPEN_PRIORITIES.find((known) => known === priority) ?? 'recommended',
  };
}
