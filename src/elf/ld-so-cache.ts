import { latin1 } from './byte-source.ts';
import { ElfError } from './elf-error.ts';

/** One library in the cache: `name` is looked up, `path` is opened. */
export type CacheEntry = {
  readonly name: string;
  readonly path: string;
  /** What loader it is for, e.g. 0x303 for x86_64: glibc sysdeps/generic/ldconfig.h. */
  readonly flags: number;
  /** Name of the `glibc-hwcaps/` subdirectory it lies in; null for all processors. */
  readonly hwcaps: string | null;
  /** The bits of legacy hardware capabilities, glibc before 2.33; 0n for all processors. */
  readonly legacyHwcap: bigint;
};

export type LdSoCache = {
  /** `old` is libc5's and glibc 2.1's, `new` glibc 2.2's; a file with both counts as `new`, as the loader takes it. */
  readonly format: 'old' | 'new';
  readonly littleEndian: boolean;
  /** In the order of the file, which is sorted for `searchCache`. */
  readonly entries: readonly CacheEntry[];
  /** The glibc that wrote it, from the extension; null before 2.33. */
  readonly generator: string | null;
};

const OLD_MAGIC = 'ld.so-1.7.0';
const NEW_MAGIC = 'glibc-ld.so.cache1.1';
const OLD_HEADER = 16;
const OLD_ENTRY = 12;
const NEW_HEADER = 48;
const NEW_ENTRY = 24;
const EXTENSION_MAGIC = 0xeaa42174;

/** The high word of `hwcap` without the 10 bits of the ISA level: dl-cache.h `dl_cache_hwcap_extension`. */
const EXTENSION_BIT = 0x4000_0000;
const ISA_LEVEL_MASK = 0x3ff;

/** The view of a whole cache with its byte order; `string` reads NUL-terminated text. */
type CacheBytes = {
  readonly view: DataView;
  readonly littleEndian: boolean;
  readonly string: (offset: number) => string;
};

/**
 * Reads an ld.so.cache: the new format, the old one, and the old one with the new behind it.
 * The source of the layout is glibc sysdeps/generic/dl-cache.h and elf/dl-cache.c `_dl_load_cache_lookup`.
 * @throws ElfError for other bytes, and where counts or string indices leave the file. (The loader itself takes no
 *   notice of a cache that it cannot read.)
 */
export function readLdSoCache(bytes: Uint8Array): LdSoCache {
  const start = latin1(bytes.subarray(0, NEW_MAGIC.length));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (start === NEW_MAGIC) return readNew(bytes, view, 0);
  if (!start.startsWith(OLD_MAGIC)) throw new ElfError(0, 'cannot read ld.so.cache: no magic number');
  if (bytes.length < OLD_HEADER) throw new ElfError(bytes.length, 'cannot read ld.so.cache: cut off');
  return readOld(bytes, view);
}

function readOld(bytes: Uint8Array, view: DataView): LdSoCache {
  const littleEndian = byteOrder(view, { countAt: 12, tableAt: OLD_HEADER, entrySize: OLD_ENTRY, flags: 0 });
  const count = view.getUint32(12, littleEndian);
  const strings = OLD_HEADER + count * OLD_ENTRY;
  const embedded = Math.ceil(strings / 8) * 8;
  if (latin1(bytes.subarray(embedded, embedded + NEW_MAGIC.length)) === NEW_MAGIC) {
    return readNew(bytes, view, embedded);
  }
  const string = cacheStrings(bytes);
  const entries = Array.from({ length: count }, (_, index) => {
    const at = OLD_HEADER + index * OLD_ENTRY;
    const text = (field: number) => string(strings + view.getUint32(at + field, littleEndian));
    const flags = view.getInt32(at, littleEndian);
    return { name: text(4), path: text(8), flags, hwcaps: null, legacyHwcap: 0n };
  });
  return { format: 'old', littleEndian, entries, generator: null };
}

function readNew(bytes: Uint8Array, view: DataView, base: number): LdSoCache {
  if (base + NEW_HEADER > bytes.length) throw new ElfError(bytes.length, 'cannot read ld.so.cache: cut off');
  const littleEndian = byteOrder(view, {
    countAt: base + 20,
    tableAt: base + NEW_HEADER,
    entrySize: NEW_ENTRY,
    flags: view.getUint8(base + 28) & 3,
  });
  const cache: CacheBytes = { view, littleEndian, string: cacheStrings(bytes) };
  const extension = readExtension(cache, view.getUint32(base + 32, littleEndian));
  const count = view.getUint32(base + 20, littleEndian);
  const entries = Array.from({ length: count }, (_, index) =>
    newEntry(cache, base, base + NEW_HEADER + index * NEW_ENTRY, extension.hwcaps),
  );
  return { format: 'new', littleEndian, entries, generator: extension.generator };
}

function newEntry(
  { view, littleEndian, string }: CacheBytes,
  base: number,
  at: number,
  hwcaps: readonly string[],
): CacheEntry {
  const u32 = (field: number) => view.getUint32(at + field, littleEndian);
  const bits = view.getBigUint64(at + 16, littleEndian);
  const high = Number(bits >> 32n);
  const named = (high & ~ISA_LEVEL_MASK) === EXTENSION_BIT;
  const index = Number(bits & 0xffff_ffffn);
  const name = named ? hwcaps[index] : null;
  if (name === undefined)
    throw new ElfError(at + 16, `cannot read ld.so.cache: no glibc-hwcaps name ${index}`);
  return {
    name: string(base + u32(4)),
    path: string(base + u32(8)),
    flags: view.getInt32(at, littleEndian),
    hwcaps: name,
    legacyHwcap: named ? 0n : bits,
  };
}

/**
 * The byte order, from the header's flags (2 little, 3 big, 1 invalid), else that in which the table fits the file;
 * little where both do.
 */
function byteOrder(
  view: DataView,
  {
    countAt,
    tableAt,
    entrySize,
    flags,
  }: { countAt: number; tableAt: number; entrySize: number; flags: number },
): boolean {
  if (flags === 1) throw new ElfError(countAt + 8, 'cannot read ld.so.cache: its header says it is invalid');
  const room = Math.floor((view.byteLength - tableAt) / entrySize);
  const orders = flags === 2 ? [true] : flags === 3 ? [false] : [true, false];
  const fitting = orders.find((littleEndian) => view.getUint32(countAt, littleEndian) <= room);
  if (fitting === undefined) throw new ElfError(countAt, 'cannot read ld.so.cache: more entries than bytes');
  return fitting;
}

/**
 * The extension directory of glibc 2.33 and later: who wrote the cache, and the names of `glibc-hwcaps/`
 * subdirectories by index. Offsets in it count from the start of the file: dl-cache.h `cache_extension_load`.
 */
function readExtension(
  cache: CacheBytes,
  offset: number,
): { generator: string | null; hwcaps: readonly string[] } {
  const { view, littleEndian } = cache;
  const absent = { generator: null, hwcaps: [] };
  if (offset === 0) return absent;
  const u32 = (at: number) => {
    if (at + 4 > view.byteLength)
      throw new ElfError(at, 'cannot read ld.so.cache extension: it leaves the file');
    return view.getUint32(at, littleEndian);
  };
  if (offset % 4 !== 0 || u32(offset) !== EXTENSION_MAGIC) {
    throw new ElfError(offset, 'cannot read ld.so.cache extension: no magic number');
  }
  const found: { generator: string | null; hwcaps: readonly string[] } = { ...absent };
  const seen = new Set<number>();
  const count = u32(offset + 4);
  for (let index = 0; index < count; index++) {
    const at = offset + 8 + index * 16;
    const [tag, place, size] = [u32(at), u32(at + 8), u32(at + 12)];
    if (seen.has(tag)) throw new ElfError(at, `cannot read ld.so.cache extension: section ${tag} twice`);
    seen.add(tag);
    if (place + size > view.byteLength)
      throw new ElfError(at, 'cannot read ld.so.cache extension: it leaves the file');
    if (tag === 0) found.generator = latin1(new Uint8Array(view.buffer, view.byteOffset + place, size));
    if (tag === 1)
      found.hwcaps = Array.from({ length: size >> 2 }, (_, name) => cache.string(u32(place + name * 4)));
  }
  return found;
}

/**
 * Text by its place in the file. The same place is decoded once, and all together may be at most twice as long as the
 * file (names share their bytes with the ends of paths), so that a hostile table costs no more than its size.
 */
function cacheStrings(bytes: Uint8Array): (offset: number) => string {
  const known = new Map<number, string>();
  let budget = 2 * bytes.length;
  return (offset) => {
    const before = known.get(offset);
    if (before !== undefined) return before;
    const end = offset < bytes.length ? bytes.indexOf(0, offset) : -1;
    if (end < 0) throw new ElfError(offset, 'cannot read ld.so.cache: a string leaves the file');
    budget -= end - offset;
    if (budget < 0)
      throw new ElfError(offset, 'cannot read ld.so.cache: its strings are longer than the file');
    const text = Buffer.from(bytes.buffer, bytes.byteOffset + offset, end - offset).toString('utf8');
    known.set(offset, text);
    return text;
  };
}
