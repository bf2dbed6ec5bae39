import { type ByteSource, latin1, readRange } from './byte-source.ts';
import { type DynamicSection, readDynamicSection, TAG, tagValue } from './dynamic-section.ts';
import { ElfError } from './elf-error.ts';
import { type ElfHeader, readElfHeader } from './elf-header.ts';
import { PT_INTERP, PT_LOAD, readSegments, type Segment } from './program-headers.ts';

/**
 * What a file is for. `static-executable` has neither interpreter nor relocation; `static-pie` and `pie` are
 * position-independent, without and with an interpreter; `library` is every other ET_DYN.
 */
export type ElfKind =
  | 'executable'
  | 'static-executable'
  | 'pie'
  | 'static-pie'
  | 'library'
  | 'relocatable'
  | 'core'
  | 'other';

/** What an object asks the loader for: DT_NEEDED, DT_FILTER or DT_AUXILIARY, in the order of the file. */
export type Dependency = { readonly kind: 'needed' | 'filter' | 'auxiliary'; readonly name: string };

export type ElfFile = {
  readonly header: ElfHeader;
  readonly kind: ElfKind;
  readonly segments: readonly Segment[];
  /** Whether there is a PT_LOAD, thus anything to load. */
  readonly loadable: boolean;
  /** The raw dynamic section, for the readers of symbols and versions; null where there is none. */
  readonly dynamic: DynamicSection | null;
  /** PT_INTERP's text, as stored. */
  readonly interpreter: string | null;
  readonly soname: string | null;
  readonly dependencies: readonly Dependency[];
  /** DT_RPATH and DT_RUNPATH as stored, tokens unexpanded; an empty one is not null. */
  readonly rpath: string | null;
  readonly runpath: string | null;
  /** DT_FLAGS_1's DF_1_PIE, DF_1_NODEFLIB and DF_1_NOOPEN. */
  readonly pie: boolean;
  readonly noDefaultLibraries: boolean;
  readonly noOpen: boolean;
};

const DF_1_NOOPEN = 0x40;
const DF_1_NODEFLIB = 0x800;
const DF_1_PIE = 0x0800_0000;

/** The kernel's limit for PT_INTERP, fs/binfmt_elf.c: PATH_MAX. */
const MAX_INTERPRETER = 4096;

const DEPENDENCY_KINDS = new Map<number, Dependency['kind']>([
  [TAG.needed, 'needed'],
  [TAG.filter, 'filter'],
  [TAG.auxiliary, 'auxiliary'],
]);

/**
 * Reads what the dynamic linker reads of an ELF file: headers, PT_INTERP and the dynamic section. Section headers are
 * not looked at, so that a stripped file reads the same. 32 and 64 bit, both byte orders.
 * @throws ElfError with the offset, for bytes that are no ELF file or contradict themselves.
 */
export function readElf(source: ByteSource): ElfFile {
  const header = readElfHeader(source);
  const segments = readSegments(source, header);
  const dynamic = readDynamicSection(source, segments, header.format);
  const interpreter = readInterpreter(source, segments);
  const flags = (dynamic && tagValue(dynamic, TAG.flags1)) ?? 0;
  const soname = dynamic && stringOf(dynamic, TAG.soname);
  const pie = (flags & DF_1_PIE) !== 0;
  return {
    header,
    kind: kindOf(header, { interpreter, soname, pie }),
    segments,
    loadable: segments.some((segment) => segment.type === PT_LOAD),
    dynamic,
    interpreter,
    soname,
    dependencies: dynamic === null ? [] : dependenciesOf(dynamic),
    rpath: dynamic && stringOf(dynamic, TAG.rpath),
    runpath: dynamic && stringOf(dynamic, TAG.runpath),
    pie,
    noDefaultLibraries: (flags & DF_1_NODEFLIB) !== 0,
    noOpen: (flags & DF_1_NOOPEN) !== 0,
  };
}

function stringOf(dynamic: DynamicSection, tag: number): string | null {
  const index = tagValue(dynamic, tag);
  return index === undefined ? null : dynamic.strings(index);
}

function dependenciesOf(dynamic: DynamicSection): Dependency[] {
  return dynamic.entries.flatMap(({ tag, value }) => {
    const kind = DEPENDENCY_KINDS.get(tag);
    return kind === undefined ? [] : [{ kind, name: dynamic.strings(value) }];
  });
}

function readInterpreter(source: ByteSource, segments: readonly Segment[]): string | null {
  const segment = segments.find(({ type }) => type === PT_INTERP);
  if (segment === undefined) return null;
  if (segment.fileSize > MAX_INTERPRETER || segment.fileSize < 2) {
    throw new ElfError(segment.at, `cannot read interpreter: a path of ${segment.fileSize} bytes`);
  }
  const view = readRange(source, segment.offset, segment.fileSize, 'interpreter');
  const text = latin1(new Uint8Array(view.buffer, view.byteOffset, view.byteLength));
  const end = text.indexOf('\0');
  if (end <= 0) throw new ElfError(segment.offset, 'cannot read interpreter: empty, or without end');
  return Buffer.from(text.slice(0, end), 'latin1').toString('utf8');
}

/**
 * Since binutils 2.26, DF_1_PIE distinguishes a program from a library. Before, an ET_DYN with an interpreter and no
 * soname counts as a program. An old static-pie without the flag looks like a library.
 */
function kindOf(
  header: ElfHeader,
  facts: { interpreter: string | null; soname: string | null; pie: boolean },
): ElfKind {
  switch (header.type) {
    case 'executable':
      return facts.interpreter === null ? 'static-executable' : 'executable';
    case 'shared':
      if (facts.pie) return facts.interpreter === null ? 'static-pie' : 'pie';
      return facts.interpreter !== null && facts.soname === null ? 'pie' : 'library';
    case 'relocatable':
    case 'core':
      return header.type;
    default:
      return 'other';
  }
}
