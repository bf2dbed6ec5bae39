import type { Duplex } from 'node:stream';

const END_MS = 20_000;

/** What PostgreSQL answers to a simple query: rows, notices and errors as lines. Protocol 3.0, chapter 55 of its manual. */
export async function querySql(stream: Duplex, query: string): Promise<string> {
  const lines: string[] = [];
  let pending = Buffer.alloc(0);
  let isAsked = false;
  stream.write(startup('postgres'));
  const signal = AbortSignal.timeout(END_MS);
  signal.addEventListener('abort', () => stream.destroy());
  for await (const chunk of stream) {
    pending = Buffer.concat([pending, chunk as Buffer]);
    while (pending.length >= 5 && pending.length > pending.readInt32BE(1)) {
      const type = String.fromCharCode(pending[0] as number);
      const body = pending.subarray(5, 1 + pending.readInt32BE(1));
      pending = pending.subarray(1 + pending.readInt32BE(1));
      if (type === 'Z' && isAsked) {
        stream.destroy();
        return lines.join('\n');
      }
      if (type === 'Z') {
        isAsked = true;
        stream.write(message('Q', Buffer.from(`${query}\0`)));
      }
      if (type === 'D') lines.push(rowOf(body));
      if (type === 'C') lines.push(body.toString('utf8').replaceAll('\0', ''));
      if (type === 'E' || type === 'N') lines.push(faultOf(body));
      if (type === 'E' && !isAsked) return lines.join('\n');
    }
  }
  return `${lines.join('\n')}\nthe connection ended`;
}

function startup(user: string): Buffer {
  const words = Buffer.from(`user\0${user}\0database\0postgres\0\0`);
  const head = Buffer.alloc(8);
  head.writeInt32BE(words.length + 8, 0);
  head.writeInt32BE(196_608, 4);
  return Buffer.concat([head, words]);
}

function message(type: string, body: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.write(type, 0);
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

function rowOf(body: Buffer): string {
  const values: string[] = [];
  let at = 2;
  for (let left = body.readInt16BE(0); left > 0; left -= 1) {
    const length = body.readInt32BE(at);
    at += 4;
    values.push(length < 0 ? 'null' : body.subarray(at, at + length).toString('utf8'));
    at += Math.max(length, 0);
  }
  return values.join(' | ');
}

/** Severity, code and message of an error or a notice. */
function faultOf(body: Buffer): string {
  const fields = body.toString('utf8').split('\0');
  return fields.filter((field) => /^[SCM]/.test(field)).join(' ');
}
