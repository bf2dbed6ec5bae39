import { decodeName, isUtf8Name } from '../shared/file-name.ts';

/** The names of a tar entry that its pax header gives and that are not UTF-8. */
export type PaxNames = { readonly path?: string; readonly linkpath?: string };

const BLOCK = 512;

/** tar-stream refuses longer ones. */
const MAX_PAX_BYTES = 4 * 1024 ** 2;

/** The types of headers that describe the entry after them: pax, pax for all entries, GNU's long names. */
const AHEAD = { pax: 'x', others: 'gLK' } as const;

/**
 * Follows a tar by its headers, beside tar-stream, which decodes the records of pax headers as UTF-8 and so loses the
 * bytes of any other name. pax(1) wants UTF-8 there, yet engines write the bytes as they are.
 */
export class PaxNameReader {
  readonly #names = new Map<number, PaxNames>();
  /** Bytes that were read. */
  #offset = 0;
  /** Where the next thing to read begins: a header, or the records of a pax header where there are `#records`. */
  #start = 0;
  #records: number | null = null;
  #parts: Buffer[] = [];
  #pending: { names: PaxNames; size: number | null } = { names: {}, size: null };

  /** Takes the next bytes of the tar. */
  push(chunk: Buffer): void {
    let rest = chunk;
    while (rest.length > 0) {
      const skipped = Math.min(rest.length, Math.max(0, this.#start - this.#offset));
      this.#offset += skipped;
      rest = rest.subarray(skipped);
      if (rest.length === 0) return;
      const wanted = (this.#records ?? BLOCK) - (this.#offset - this.#start);
      const part = rest.subarray(0, wanted);
      this.#parts.push(Buffer.from(part));
      this.#offset += part.length;
      rest = rest.subarray(part.length);
      if (part.length === wanted) this.#take(Buffer.concat(this.#parts.splice(0)));
    }
  }

  /** The names that are not UTF-8 of the entry whose content begins at an offset. */
  at(offset: number): PaxNames {
    return this.#names.get(offset) ?? {};
  }

  #take(block: Buffer): void {
    if (this.#records !== null) {
      this.#pending = readRecords(block);
      this.#start += paddedSize(block.length);
      this.#records = null;
      return;
    }
    this.#start += BLOCK;
    const type = String.fromCharCode(block[156] ?? 0);
    const size = sizeOf(block);
    if (type === AHEAD.pax && size > 0 && size <= MAX_PAX_BYTES) this.#records = size;
    else if (type !== '\0' && `${AHEAD.pax}${AHEAD.others}`.includes(type)) this.#start += paddedSize(size);
    else {
      const { names, size: declared } = this.#pending;
      if (Object.keys(names).length > 0) this.#names.set(this.#start, names);
      this.#pending = { names: {}, size: null };
      // tar-stream reads no content of a directory either
      if (type !== '5') this.#start += paddedSize(declared ?? size);
    }
  }
}

/** `LENGTH KEY=VALUE\n` each, where the length counts all of it in bytes; pax(1). */
function readRecords(block: Buffer): { names: PaxNames; size: number | null } {
  const found: Record<string, Buffer> = {};
  for (let at = 0; at < block.length; ) {
    const blank = block.indexOf(0x20, at);
    const length = blank < 0 ? 0 : Number.parseInt(block.toString('latin1', at, blank), 10);
    const equals = block.indexOf(0x3d, blank);
    if (!(length > 0) || equals < 0 || equals > at + length) break;
    found[block.toString('latin1', blank + 1, equals)] = block.subarray(equals + 1, at + length - 1);
    at += length;
  }
  const names = Object.entries(found).flatMap(([key, bytes]) => {
    const name = decodeName(bytes);
    return (key === 'path' || key === 'linkpath') && !isUtf8Name(name) ? [[key, name]] : [];
  });
  const size = found.size === undefined ? null : Number.parseInt(found.size.toString('latin1'), 10);
  return { names: Object.fromEntries(names), size };
}

/** The size field in octal, or in base 256 where the first bit is set; tar(5). */
function sizeOf(header: Buffer): number {
  const field = header.subarray(124, 136);
  if (((field[0] ?? 0) & 0x80) === 0) return Number.parseInt(field.toString('latin1').trim(), 8) || 0;
  return field.subarray(1).reduce((sum, byte) => sum * 256 + byte, 0);
}

function paddedSize(size: number): number {
  return Math.ceil(size / BLOCK) * BLOCK;
}
