/** A small ELF file to be made in memory: one PT_LOAD over the whole file, addresses `BIAS` above offsets. */
export type ElfSpec = {
  readonly bits?: 32 | 64;
  readonly littleEndian?: boolean;
  /** e_machine; default x86_64 or i386 by `bits`. */
  readonly machine?: number;
  readonly osAbi?: number;
  /** e_type; default 3, ET_DYN. */
  readonly type?: number;
  readonly interpreter?: string;
  readonly soname?: string;
  readonly needed?: readonly string[];
  readonly filters?: readonly string[];
  readonly auxiliaries?: readonly string[];
  readonly rpath?: string;
  readonly runpath?: string;
  readonly flags1?: number;
  readonly symbols?: readonly {
    readonly name: string;
    readonly defined?: boolean;
    readonly weak?: boolean;
  }[];
  /** Which table gives the number of symbols; default DT_HASH. */
  readonly hash?: 'sysv' | 'gnu' | 'none';
  readonly versionNeeds?: readonly { readonly library: string; readonly versions: readonly string[] }[];
  readonly notes?: readonly { readonly owner: string; readonly type: number; readonly text: string }[];
  /** Where the notes are found: PT_NOTE (default), or a section header only. */
  readonly notesIn?: 'segment' | 'section';
  /** False: no PT_DYNAMIC. */
  readonly dynamic?: boolean;
  /** Bytes put into the loaded segment, e.g. the strings of a loader. */
  readonly data?: string;
};

export const BIAS = 0x40_0000;
export const DF_1_PIE = 0x0800_0000;
export const DF_1_NODEFLIB = 0x800;

type Format = { readonly is64: boolean; readonly littleEndian: boolean };
type Field = readonly [kind: 'byte' | 'half' | 'long' | 'word', value: number];

const byte = (value: number): Field => ['byte', value];
const half = (value: number): Field => ['half', value];
const long = (value: number): Field => ['long', value];
const word = (value: number): Field => ['word', value];

function pack({ is64, littleEndian }: Format, fields: readonly Field[]): Buffer {
  const sizes = { byte: 1, half: 2, long: 4, word: is64 ? 8 : 4 };
  const bytes = Buffer.alloc(fields.reduce((sum, [kind]) => sum + sizes[kind], 0));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let at = 0;
  for (const [kind, value] of fields) {
    if (kind === 'byte') view.setUint8(at, value);
    else if (kind === 'half') view.setUint16(at, value, littleEndian);
    else if (kind === 'long' || !is64) view.setUint32(at, value, littleEndian);
    else view.setBigUint64(at, BigInt(value), littleEndian);
    at += sizes[kind];
  }
  return bytes;
}

/** Text behind text, each at the index returned; index 0 is the empty text. */
function stringPool() {
  const indices = new Map<string, number>([['', 0]]);
  let bytes = Buffer.alloc(1);
  const add = (text: string): number => {
    const known = indices.get(text);
    if (known !== undefined) return known;
    const index = bytes.length;
    indices.set(text, index);
    bytes = Buffer.concat([bytes, Buffer.from(`${text}\0`)]);
    return index;
  };
  return { add, bytes: () => bytes };
}

type Pool = ReturnType<typeof stringPool>;

/** Chunks of a file, each at a multiple of 8. */
function layout(start: number) {
  const chunks: Buffer[] = [];
  let end = start;
  const add = (bytes: Buffer): number => {
    const offset = end;
    const padded = Buffer.concat([bytes, Buffer.alloc((8 - (bytes.length % 8)) % 8)]);
    chunks.push(padded);
    end += padded.length;
    return offset;
  };
  return { add, bytes: () => Buffer.concat(chunks), end: () => end };
}

/** The bytes of an ELF file as the specification asks for it. */
export function buildElf(spec: ElfSpec = {}): Uint8Array {
  const format: Format = { is64: (spec.bits ?? 64) === 64, littleEndian: spec.littleEndian ?? true };
  const hasNotes = spec.notes !== undefined && spec.notesIn !== 'section';
  const count =
    1 + (spec.interpreter === undefined ? 0 : 1) + (spec.dynamic === false ? 0 : 1) + (hasNotes ? 1 : 0);
  const headerSize = format.is64 ? 64 : 52;
  const entrySize = format.is64 ? 56 : 32;
  const file = layout(Math.ceil((headerSize + count * entrySize) / 8) * 8);
  const segments: [type: number, offset: number, size: number][] = [];
  if (spec.interpreter !== undefined) {
    const text = Buffer.from(`${spec.interpreter}\0`);
    segments.push([3, file.add(text), text.length]);
  }
  if (spec.data !== undefined) file.add(Buffer.from(spec.data, 'latin1'));
  const notes = packNotes(format, spec);
  const notesAt = file.add(notes);
  if (hasNotes) segments.push([4, notesAt, notes.length]);
  if (spec.dynamic !== false) {
    const dynamic = addDynamic(format, spec, file);
    segments.push([2, dynamic.offset, dynamic.size]);
  }
  const sections = spec.notesIn === 'section' ? packNoteSections(format, notesAt, notes.length) : null;
  const sectionsAt = sections === null ? 0 : file.add(sections);
  segments.unshift([1, 0, file.end()]);
  const table = Buffer.concat(segments.map((segment) => packSegment(format, ...segment)));
  const header = packHeader(format, spec, { count, entrySize, headerSize, sectionsAt });
  const head = Buffer.alloc(file.end() - file.bytes().length);
  Buffer.concat([header, table]).copy(head);
  return new Uint8Array(Buffer.concat([head, file.bytes()]));
}

function packHeader(
  format: Format,
  spec: ElfSpec,
  at: { count: number; entrySize: number; headerSize: number; sectionsAt: number },
): Buffer {
  const ident = [
    0x7f,
    0x45,
    0x4c,
    0x46,
    format.is64 ? 2 : 1,
    format.littleEndian ? 1 : 2,
    1,
    spec.osAbi ?? 0,
  ];
  const machine = spec.machine ?? (format.is64 ? 62 : 3);
  return pack(format, [
    ...[...ident, 0, 0, 0, 0, 0, 0, 0, 0].map(byte),
    half(spec.type ?? 3),
    half(machine),
    long(1),
    word(BIAS),
    word(at.headerSize),
    word(at.sectionsAt),
    long(0),
    half(at.headerSize),
    half(at.entrySize),
    half(at.count),
    half(at.sectionsAt === 0 ? 0 : format.is64 ? 64 : 40),
    half(at.sectionsAt === 0 ? 0 : 2),
    half(0),
  ]);
}

function packSegment(format: Format, type: number, offset: number, size: number): Buffer {
  const middle = [word(offset), word(BIAS + offset), word(BIAS + offset), word(size), word(size)];
  const flags = long(4);
  const fields = format.is64
    ? [long(type), flags, ...middle, word(4)]
    : [long(type), ...middle, flags, word(4)];
  return pack(format, fields);
}

function packNoteSections(format: Format, offset: number, size: number): Buffer {
  const section = (type: number, at: number, length: number) => [
    long(0),
    long(type),
    word(0),
    word(0),
    word(at),
    word(length),
    long(0),
    long(0),
    word(4),
    word(0),
  ];
  return pack(format, [...section(0, 0, 0), ...section(7, offset, size)]);
}

function packNotes(format: Format, spec: ElfSpec): Buffer {
  const padded = (text: string) => Buffer.from(text.padEnd(Math.ceil(text.length / 4) * 4, '\0'));
  const notes = (spec.notes ?? []).map(({ owner, type, text }) =>
    Buffer.concat([
      pack(format, [long(owner.length + 1), long(text.length + 1), long(type)]),
      padded(`${owner}\0`),
      padded(`${text}\0`),
    ]),
  );
  return Buffer.concat(notes);
}

function addDynamic(format: Format, spec: ElfSpec, file: ReturnType<typeof layout>) {
  const pool = stringPool();
  const names = (tag: number, list: readonly (string | undefined)[]): [number, number][] =>
    list.filter((name) => name !== undefined).map((name) => [tag, pool.add(name)]);
  const entries: [tag: number, value: number][] = [
    ...names(1, spec.needed ?? []),
    ...names(0x7fffffff, spec.filters ?? []),
    ...names(0x7ffffffd, spec.auxiliaries ?? []),
    ...names(14, [spec.soname]),
    ...names(15, [spec.rpath]),
    ...names(29, [spec.runpath]),
  ];
  if (spec.flags1 !== undefined) entries.push([0x6ffffffb, spec.flags1]);
  entries.push(...addSymbols(format, spec, file, pool));
  if (spec.versionNeeds !== undefined) {
    const offset = file.add(packVersionNeeds(format, spec.versionNeeds, pool));
    entries.push([0x6ffffffe, BIAS + offset], [0x6fffffff, spec.versionNeeds.length]);
  }
  entries.push([5, BIAS + file.add(pool.bytes())], [10, pool.bytes().length], [0, 0]);
  const bytes = pack(
    format,
    entries.flatMap(([tag, value]) => [word(tag), word(value)]),
  );
  return { offset: file.add(bytes), size: bytes.length };
}

/** Undefined symbols first, as DT_GNU_HASH wants them. */
function addSymbols(
  format: Format,
  spec: ElfSpec,
  file: ReturnType<typeof layout>,
  pool: Pool,
): [number, number][] {
  const symbols = [...(spec.symbols ?? [])].sort(
    (a, b) => Number(a.defined ?? false) - Number(b.defined ?? false),
  );
  const fields = symbols.flatMap(({ name, defined, weak }) => {
    const [index, info, section] = [long(pool.add(name)), byte(weak ? 0x22 : 0x12), half(defined ? 1 : 0)];
    return format.is64
      ? [index, info, byte(0), section, word(0), word(0)]
      : [index, word(0), word(0), info, byte(0), section];
  });
  const empty = Buffer.alloc(format.is64 ? 24 : 16);
  const entries: [number, number][] = [[6, BIAS + file.add(Buffer.concat([empty, pack(format, fields)]))]];
  const total = symbols.length + 1;
  const first = total - symbols.filter(({ defined }) => defined).length;
  if ((spec.hash ?? 'sysv') === 'sysv') {
    entries.push([4, BIAS + file.add(pack(format, [1, total, 0, ...Array(total).fill(0)].map(long)))]);
  } else if (spec.hash === 'gnu') {
    const chain = Array.from({ length: total - first }, (_, index) =>
      long(first + index === total - 1 ? 1 : 2),
    );
    const bucket = long(first < total ? first : 0);
    entries.push([
      0x6ffffef5,
      BIAS + file.add(pack(format, [long(1), long(first), long(1), long(0), word(0), bucket, ...chain])),
    ]);
  }
  return entries;
}

function packVersionNeeds(format: Format, needs: NonNullable<ElfSpec['versionNeeds']>, pool: Pool): Buffer {
  const fields = needs.flatMap(({ library, versions }, index) => {
    const last = index === needs.length - 1;
    const head = [
      half(1),
      half(versions.length),
      long(pool.add(library)),
      long(16),
      long(last ? 0 : 16 + 16 * versions.length),
    ];
    const tail = versions.flatMap((version, at) => [
      long(0),
      half(0),
      half(at + 2),
      long(pool.add(version)),
      long(at === versions.length - 1 ? 0 : 16),
    ]);
    return [...head, ...tail];
  });
  return pack(format, fields);
}
