/** How words are laid out in one ELF file: e_ident[EI_CLASS] and e_ident[EI_DATA], elf(5). */
export type ElfFormat = { readonly bits: 32 | 64; readonly littleEndian: boolean };

/**
 * An address, offset or size of the file's class. 64-bit values past 2^53 lose their low bits, which is harmless:
 * no file is that long, so that they are refused or match nothing wherever they are used.
 */
export function word(view: DataView, at: number, format: ElfFormat): number {
  if (format.bits === 32) return view.getUint32(at, format.littleEndian);
  const low = view.getUint32(at + (format.littleEndian ? 0 : 4), format.littleEndian);
  const high = view.getUint32(at + (format.littleEndian ? 4 : 0), format.littleEndian);
  return high * 0x1_0000_0000 + low;
}

/** Bytes of one word: 4 or 8. */
export function wordSize(format: ElfFormat): number {
  return format.bits / 8;
}
