/** One library of an ld.so.cache to be made; entries have to be given in the cache's own order. */
export type CacheSpec = {
  readonly name: string;
  readonly path: string;
  readonly flags?: number;
  /** Index into `hwcaps`, or the bits of a legacy capability. */
  readonly hwcapIndex?: number;
  readonly legacyHwcap?: bigint;
};

export type CacheOptions = {
  readonly littleEndian?: boolean;
  /** The header's byte order flag; default as `littleEndian` says. */
  readonly endianFlag?: number;
  /** Names of `glibc-hwcaps/` subdirectories: adds the extension of glibc 2.33. */
  readonly hwcaps?: readonly string[];
  readonly generator?: string;
};

/** An ld.so.cache in the format of glibc 2.2 and later; `base` is where it starts in an old one. */
export function buildCache(entries: readonly CacheSpec[], options: CacheOptions = {}, base = 0): Uint8Array {
  const little = options.littleEndian ?? true;
  const table = Buffer.alloc(48 + entries.length * 24);
  const strings = stringsAfter(base + table.length);
  const view = new DataView(table.buffer, table.byteOffset, table.length);
  for (const [index, { name, path, flags = 0x303, hwcapIndex, legacyHwcap = 0n }] of entries.entries()) {
    const at = 48 + index * 24;
    view.setInt32(at, flags, little);
    view.setUint32(at + 4, strings.add(name) - base, little);
    view.setUint32(at + 8, strings.add(path) - base, little);
    view.setBigUint64(
      at + 16,
      hwcapIndex === undefined ? legacyHwcap : (1n << 62n) | BigInt(hwcapIndex),
      little,
    );
  }
  const names = (options.hwcaps ?? []).map((name) => strings.add(name));
  const text = Buffer.concat([strings.bytes(), Buffer.alloc((4 - (strings.bytes().length % 4)) % 4)]);
  table.write('glibc-ld.so.cache1.1', 'latin1');
  view.setUint32(20, entries.length, little);
  view.setUint32(24, strings.bytes().length, little);
  view.setUint8(28, options.endianFlag ?? (little ? 2 : 3));
  if (options.hwcaps === undefined) return new Uint8Array(Buffer.concat([table, text]));
  const extensionAt = base + table.length + text.length;
  view.setUint32(32, extensionAt, little);
  return new Uint8Array(
    Buffer.concat([table, text, extension(extensionAt, names, options.generator ?? '', little)]),
  );
}

function extension(offset: number, names: readonly number[], generator: string, little: boolean): Buffer {
  const data = offset + 8 + 32;
  const words = [
    ...[0xeaa42174, 2],
    ...[0, 0, data + names.length * 4, generator.length],
    ...[1, 0, data, names.length * 4],
    ...names,
  ];
  const bytes = Buffer.alloc(words.length * 4);
  for (const [index, word] of words.entries()) {
    if (little) bytes.writeUInt32LE(word, index * 4);
    else bytes.writeUInt32BE(word, index * 4);
  }
  return Buffer.concat([bytes, Buffer.from(generator, 'latin1')]);
}

/** An ld.so.cache in the format of libc5, with the new one behind it where `embedded` is given. */
export function buildOldCache(entries: readonly CacheSpec[], embedded?: readonly CacheSpec[]): Uint8Array {
  const table = Buffer.alloc(16 + entries.length * 12);
  const strings = stringsAfter(0);
  table.write('ld.so-1.7.0', 'latin1');
  table.writeUInt32LE(entries.length, 12);
  for (const [index, { name, path, flags = 3 }] of entries.entries()) {
    table.writeInt32LE(flags, 16 + index * 12);
    table.writeUInt32LE(strings.add(name), 20 + index * 12);
    table.writeUInt32LE(strings.add(path), 24 + index * 12);
  }
  if (embedded === undefined) return new Uint8Array(Buffer.concat([table, strings.bytes()]));
  const start = Math.ceil(table.length / 8) * 8;
  return new Uint8Array(
    Buffer.concat([table, Buffer.alloc(start - table.length), buildCache(embedded, {}, start)]),
  );
}

function stringsAfter(start: number) {
  let bytes = Buffer.alloc(0);
  const add = (text: string): number => {
    const offset = start + bytes.length;
    bytes = Buffer.concat([bytes, Buffer.from(`${text}\0`)]);
    return offset;
  };
  return { add, bytes: () => bytes };
}
