import { type ByteSource, readRange } from './byte-source.ts';
import { type DynamicSection, TAG, tagValue } from './dynamic-section.ts';
import { ElfError } from './elf-error.ts';
import { wordSize } from './elf-format.ts';
import { mappedAt } from './program-headers.ts';
import type { ElfFile } from './read-elf.ts';

/**
 * A name of the dynamic symbol table. `defined`: the object has it; else it imports it, `weak` if it may stay
 * missing.
 */
export type DynamicSymbol = { readonly name: string; readonly defined: boolean; readonly weak: boolean };

/** Symbols read at a time. */
const CHUNK = 2048;
const STB_WEAK = 2;

/**
 * The dynamic symbols with a name, in the order of the file. Their number comes from DT_HASH or DT_GNU_HASH, as
 * stripped section headers say nothing.
 * @throws ElfError where tables leave the file or their segments.
 */
export function* dynamicSymbols(source: ByteSource, elf: ElfFile): Generator<DynamicSymbol> {
  const { dynamic } = elf;
  const address = dynamic ? tagValue(dynamic, TAG.symbolTable) : undefined;
  if (dynamic === null || address === undefined) return;
  const { format } = elf.header;
  const is64 = format.bits === 64;
  const size = is64 ? 24 : 16;
  const mapped = mappedAt(elf.segments, address);
  if (mapped === undefined) throw new ElfError(0, 'cannot read symbols: no PT_LOAD holds them');
  const count = symbolCount(source, elf, dynamic, address);
  if (count * size > mapped.length)
    throw new ElfError(mapped.offset, `cannot read symbols: ${count} do not fit`);
  for (let first = 1; first < count; first += CHUNK) {
    const many = Math.min(CHUNK, count - first);
    const view = readRange(source, mapped.offset + first * size, many * size, 'symbols');
    for (let at = 0; at < many * size; at += size) {
      const name = view.getUint32(at, format.littleEndian);
      if (name === 0) continue;
      yield {
        name: dynamic.strings(name),
        defined: view.getUint16(at + (is64 ? 6 : 14), format.littleEndian) !== 0,
        weak: view.getUint8(at + (is64 ? 4 : 12)) >> 4 === STB_WEAK,
      };
    }
  }
}

/**
 * Names of the symbols that an object imports, sorted; weak ones, which may stay missing, too.
 * @throws ElfError as `dynamicSymbols`.
 */
export function importedSymbols(source: ByteSource, elf: ElfFile): string[] {
  const names = new Set<string>();
  for (const symbol of dynamicSymbols(source, elf)) if (!symbol.defined) names.add(symbol.name);
  return [...names].sort();
}

function symbolCount(source: ByteSource, elf: ElfFile, dynamic: DynamicSection, symbols: number): number {
  const hash = tagValue(dynamic, TAG.hash);
  if (hash !== undefined) return sysvHashCount(source, elf, hash);
  const gnuHash = tagValue(dynamic, TAG.gnuHash);
  const hashed = gnuHash === undefined ? 0 : gnuHashCount(source, elf, gnuHash);
  if (hashed > 0) return hashed;
  return countUpToStrings(elf, dynamic, symbols);
}

/** DT_HASH: nbucket, nchain; a chain entry for every symbol. */
function sysvHashCount(source: ByteSource, elf: ElfFile, address: number): number {
  const mapped = mappedAt(elf.segments, address);
  if (mapped === undefined) throw new ElfError(0, 'cannot read DT_HASH: no PT_LOAD holds it');
  return readRange(source, mapped.offset, 8, 'DT_HASH').getUint32(4, elf.header.format.littleEndian);
}

/**
 * DT_GNU_HASH holds the defined symbols only, last in the table: the highest bucket leads to the last chain, whose end
 * has its low bit set (musl ldso/dynlink.c `count_syms`). 0 where nothing is hashed, which says nothing.
 */
function gnuHashCount(source: ByteSource, elf: ElfFile, address: number): number {
  const mapped = mappedAt(elf.segments, address);
  if (mapped === undefined) throw new ElfError(0, 'cannot read DT_GNU_HASH: no PT_LOAD holds it');
  const little = elf.header.format.littleEndian;
  const head = readRange(source, mapped.offset, 16, 'DT_GNU_HASH');
  const [buckets, first, bloom] = [0, 4, 8].map((at) => head.getUint32(at, little)) as [
    number,
    number,
    number,
  ];
  const bucketsAt = mapped.offset + 16 + bloom * wordSize(elf.header.format);
  const table = readRange(source, bucketsAt, buckets * 4, 'DT_GNU_HASH buckets');
  let last = 0;
  for (let at = 0; at < buckets * 4; at += 4) last = Math.max(last, table.getUint32(at, little));
  if (last === 0) return 0;
  if (last < first)
    throw new ElfError(bucketsAt, 'cannot read DT_GNU_HASH: a bucket before the first symbol');
  for (let index = last; ; index += CHUNK) {
    const at = bucketsAt + (buckets + index - first) * 4;
    const length = Math.min(CHUNK * 4, source.size - at) & ~3;
    const chain = readRange(source, at, Math.max(length, 4), 'DT_GNU_HASH chain');
    for (let into = 0; into < chain.byteLength; into += 4) {
      if (chain.getUint32(into, little) & 1) return index + into / 4 + 1;
    }
  }
}

/** Without a usable hash: linkers put the string table right after the symbols. */
function countUpToStrings(elf: ElfFile, dynamic: DynamicSection, symbols: number): number {
  const strings = tagValue(dynamic, TAG.stringTable) ?? 0;
  const size = elf.header.format.bits === 64 ? 24 : 16;
  return strings > symbols ? Math.floor((strings - symbols) / size) : 0;
}
