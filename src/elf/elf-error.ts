/**
 * Bytes that are not what they claim to be: an ELF file or an ld.so.cache that is cut off, contradicts itself or
 * points outside itself. `offset` is the place in the file (bytes from its start) where the contradiction stands.
 */
export class ElfError extends Error {
  override readonly name = 'ElfError';
  readonly offset: number;

  constructor(offset: number, message: string) {
    super(`${message} (at byte ${offset})`);
    this.offset = offset;
  }
}
