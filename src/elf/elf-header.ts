import { type ByteSource, readRange } from './byte-source.ts';
import { ElfError } from './elf-error.ts';
import { type ElfFormat, word } from './elf-format.ts';
import { type Machine, machineOf } from './machine.ts';

/** e_type, elf(5); `other` for what operating systems and processors define. */
export type ElfType = 'none' | 'relocatable' | 'executable' | 'shared' | 'core' | 'other';

/** A table in the file: where it starts, bytes per entry, number of entries as the header claims it. */
export type TablePlace = { readonly offset: number; readonly entrySize: number; readonly count: number };

export type ElfHeader = {
  readonly format: ElfFormat;
  readonly type: ElfType;
  readonly machine: Machine;
  /** e_machine as stored. */
  readonly machineId: number;
  /** e_ident[EI_OSABI] and e_ident[EI_ABIVERSION]. */
  readonly osAbi: number;
  readonly abiVersion: number;
  /** e_flags, of the processor. */
  readonly flags: number;
  readonly entry: number;
  readonly programHeaders: TablePlace;
  readonly sectionHeaders: TablePlace;
};

const TYPES: readonly ElfType[] = ['none', 'relocatable', 'executable', 'shared', 'core'];

const IDENT_SIZE = 16;

/** Whether bytes start with the ELF magic number. */
export function isElf(source: ByteSource): boolean {
  const magic = source.read(0, 4);
  return magic.length === 4 && new DataView(magic.buffer, magic.byteOffset, 4).getUint32(0) === 0x7f454c46;
}

/**
 * The header at the start of every ELF file, elf(5).
 * @throws ElfError where it is cut off, or no class, byte order or version that elf(5) knows.
 */
export function readElfHeader(source: ByteSource): ElfHeader {
  const format = readFormat(source);
  const is64 = format.bits === 64;
  const view = readRange(source, 0, is64 ? 64 : 52, 'ELF header');
  const half = (at: number) => view.getUint16(at, format.littleEndian);
  const tail = is64 ? 48 : 36;
  const machineId = half(18);
  return {
    format,
    type: TYPES[half(16)] ?? 'other',
    machine: machineOf(machineId, format),
    machineId,
    osAbi: view.getUint8(7),
    abiVersion: view.getUint8(8),
    flags: view.getUint32(tail, format.littleEndian),
    entry: word(view, 24, format),
    programHeaders: {
      offset: word(view, is64 ? 32 : 28, format),
      entrySize: half(tail + 6),
      count: half(tail + 8),
    },
    sectionHeaders: {
      offset: word(view, is64 ? 40 : 32, format),
      entrySize: half(tail + 10),
      count: half(tail + 12),
    },
  };
}

function readFormat(source: ByteSource): ElfFormat {
  if (!isElf(source)) throw new ElfError(0, 'cannot read ELF header: no ELF magic number');
  const ident = readRange(source, 0, IDENT_SIZE, 'ELF identification');
  const elfClass = ident.getUint8(4);
  const data = ident.getUint8(5);
  if (elfClass !== 1 && elfClass !== 2) throw new ElfError(4, `cannot read ELF header: class ${elfClass}`);
  if (data !== 1 && data !== 2) throw new ElfError(5, `cannot read ELF header: byte order ${data}`);
  if (ident.getUint8(6) !== 1) throw new ElfError(6, 'cannot read ELF header: not version 1');
  return { bits: elfClass === 2 ? 64 : 32, littleEndian: data === 1 };
}
