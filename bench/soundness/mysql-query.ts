import type { Duplex } from 'node:stream';

const END_MS = 20_000;

/** CLIENT_PROTOCOL_41, CLIENT_SECURE_CONNECTION, CLIENT_PLUGIN_AUTH, CLIENT_MULTI_RESULTS of the protocol's manual. */
const CAPABILITIES = 0x0000_0200 | 0x0000_8000 | 0x0008_0000 | 0x0002_0000;
const MAX_PACKET_BYTES = 1 << 24;
const UTF8MB4 = 45;
const COM_QUERY = 3;
const [OK, EOF, ERROR] = [0x00, 0xfe, 0xff];

/**
 * What MariaDB answers to a query of user root, who has no password: rows, `OK` and errors as lines. Client/server
 * protocol of MariaDB's Knowledge Base.
 */
export async function queryMysql(stream: Duplex, query: string): Promise<string> {
  const signal = AbortSignal.timeout(END_MS);
  signal.addEventListener('abort', () => stream.destroy());
  const packets = packetsOf(stream);
  const next = async () => (await packets.next()).value ?? Buffer.from([ERROR, 0, 0]);
  await next();
  stream.write(packet(loginOf('root'), 1));
  const welcome = await next();
  if (welcome[0] !== OK) return faultOf(welcome);
  stream.write(packet(Buffer.concat([Buffer.from([COM_QUERY]), Buffer.from(query)]), 0));
  const lines: string[] = [];
  let answer = await next();
  // a procedure answers with rows and then with OK
  while (answer[0] !== OK && answer[0] !== ERROR) {
    for (let left = (answer[0] ?? 0) + 1; left > 0; left -= 1) await next();
    let row = await next();
    for (; !isEnd(row); row = await next()) lines.push(rowOf(row));
    if (row[0] === ERROR || !hasMore(row)) {
      stream.destroy();
      return [...lines, ...(row[0] === ERROR ? [faultOf(row)] : [])].join('\n');
    }
    answer = await next();
  }
  stream.destroy();
  return [...lines, answer[0] === OK ? 'OK' : faultOf(answer)].join('\n');
}

async function* packetsOf(stream: Duplex): AsyncGenerator<Buffer> {
  let pending = Buffer.alloc(0);
  for await (const chunk of stream) {
    pending = Buffer.concat([pending, chunk as Buffer]);
    while (pending.length >= 4 && pending.length >= 4 + pending.readUIntLE(0, 3)) {
      const end = 4 + pending.readUIntLE(0, 3);
      yield pending.subarray(4, end);
      pending = pending.subarray(end);
    }
  }
}

function loginOf(user: string): Buffer {
  const head = Buffer.alloc(32);
  head.writeUInt32LE(CAPABILITIES, 0);
  head.writeUInt32LE(MAX_PACKET_BYTES, 4);
  head.writeUInt8(UTF8MB4, 8);
  return Buffer.concat([head, Buffer.from(`${user}\0\0mysql_native_password\0`)]);
}

function packet(body: Buffer, sequence: number): Buffer {
  const head = Buffer.alloc(4);
  head.writeUIntLE(body.length, 0, 3);
  head.writeUInt8(sequence, 3);
  return Buffer.concat([head, body]);
}

function isEnd(row: Buffer): boolean {
  return row[0] === ERROR || (row[0] === EOF && row.length < 9);
}

/** SERVER_MORE_RESULTS_EXISTS in the status of an EOF packet. */
function hasMore(end: Buffer): boolean {
  return (end.readUInt16LE(3) & 8) !== 0;
}

function rowOf(row: Buffer): string {
  const values: string[] = [];
  for (let at = 0; at < row.length; ) {
    const first = row[at] ?? 0;
    if (first === 0xfb) values.push('null');
    const width = first === 0xfc ? 2 : first === 0xfd ? 3 : 0;
    const length = first === 0xfb ? 0 : width === 0 ? first : row.readUIntLE(at + 1, width);
    const start = at + 1 + width;
    if (first !== 0xfb) values.push(row.subarray(start, start + length).toString('utf8'));
    at = start + length;
  }
  return values.join(' | ');
}

/** Number, state and message of an error. */
function faultOf(packet: Buffer): string {
  return `error ${packet.readUInt16LE(1)} ${packet.subarray(3).toString('utf8')}`;
}
