/** An entry of a tar whose names are bytes. */
export type RawItem = {
  readonly name: Uint8Array;
  readonly content?: string;
  /** Of a symbolic link. */
  readonly target?: Uint8Array;
  /** Whether pax records give the names, as Go's archive/tar has it, or the header itself. */
  readonly isPax: boolean;
};

/** A tar with names that tar-stream would not write. */
export function rawTar(items: readonly RawItem[]): Buffer {
  const blocks = items.flatMap(({ name, content = '', target, isPax }) => {
    const type = target === undefined ? '0' : '2';
    const body = padded(Buffer.from(content));
    const plain = { type, size: Buffer.byteLength(content) };
    if (!isPax) return [header({ ...plain, name, target }), body];
    const records = Buffer.concat([
      record('path', name),
      ...(target === undefined ? [] : [record('linkpath', target)]),
    ]);
    const short = Buffer.from('short');
    return [
      header({ type: 'x', size: records.length, name: short }),
      padded(records),
      header({ ...plain, name: short, target: target && short }),
      body,
    ];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

function header(fields: {
  readonly type: string;
  readonly size: number;
  readonly name: Uint8Array;
  readonly target?: Uint8Array | undefined;
}): Buffer {
  const block = Buffer.alloc(512);
  block.set(fields.name.subarray(0, 100), 0);
  block.write('0000644\x000000000\x000000000\0', 100, 'latin1');
  block.write(`${fields.size.toString(8).padStart(11, '0')}\0`, 124, 'latin1');
  block.write('00000000000\0        ', 136, 'latin1');
  block.write(fields.type, 156, 'latin1');
  block.set(fields.target?.subarray(0, 100) ?? [], 157);
  block.write('ustar\x0000', 257, 'latin1');
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
}

function record(key: string, value: Uint8Array): Buffer {
  const rest = Buffer.concat([Buffer.from(` ${key}=`), value, Buffer.from('\n')]);
  let length = rest.length;
  while (length !== rest.length + String(length).length) length = rest.length + String(length).length;
  return Buffer.concat([Buffer.from(String(length)), rest]);
}

function padded(content: Buffer): Buffer {
  return Buffer.concat([content, Buffer.alloc((512 - (content.length % 512)) % 512)]);
}
