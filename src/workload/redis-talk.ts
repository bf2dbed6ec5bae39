import type { Duplex } from 'node:stream';
import { LIMITS } from '../shared/limits.ts';
import { AnswerTooLong, type ClientProbe } from './probe.ts';

/** What a `redis-cli` line says to a server, one list of words for each command. */
export type RedisTalk = { readonly port: number; readonly commands: readonly (readonly string[])[] };

/** Commands whose replies never end. */
const ENDLESS = /^(?:p?subscribe|ssubscribe|monitor|psync|sync)$/i;

const DEFAULT_PORT = 6379;

/**
 * What a `redis-cli` line says, for an entry that has no `redis-cli`; undefined for another program, and where the line
 * has an option that changes more than the address.
 */
export function redisTalkOf({
  command,
  input,
}: Pick<ClientProbe, 'command' | 'input'>): RedisTalk | undefined {
  const [tool = '', ...words] = command;
  if (!/(?:^|\/)redis-cli$/.test(tool)) return undefined;
  let port = DEFAULT_PORT;
  let at = 0;
  for (; words[at]?.startsWith('-'); at += 1) {
    const value = words[at + 1] ?? '';
    if (words[at] === '--raw') continue;
    if (words[at] === '-p') port = Number(value);
    else if (words[at] !== '-h') return undefined;
    at += 1;
  }
  const rest = words.slice(at);
  const typed = (input ?? '').split('\n').map(splitLine);
  const commands = rest.length > 0 ? [rest] : typed.filter((line) => line === undefined || line.length > 0);
  const known = commands.flatMap((line) => (line === undefined || ENDLESS.test(line[0] ?? '') ? [] : [line]));
  return known.length === 0 || known.length < commands.length ? undefined : { port, commands: known };
}

/** The words of a line as redis-cli splits them; undefined where quotes do not match. */
function splitLine(line: string): string[] | undefined {
  const words = line.match(/"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|[^\s"']+/g) ?? [];
  if (/["']/.test(words.reduce((rest, word) => rest.replace(word, ''), line))) return undefined;
  return words.map((word) => (/^["']/.test(word) ? word.slice(1, -1).replace(/\\(.)/g, '$1') : word));
}

/**
 * Says it in RESP, the protocol of Redis, and resolves with what redis-cli would print where no terminal is.
 * @see https://redis.io/docs/latest/develop/reference/protocol-spec/
 */
export async function talkRedis(
  connect: (port: number) => Promise<Duplex>,
  { port, commands }: RedisTalk,
  signal: AbortSignal,
): Promise<string> {
  const stream = await connect(port);
  try {
    stream.write(Buffer.concat(commands.map(encoded)));
    const replies = await readReplies(stream, commands.length, signal);
    return replies.join('');
  } finally {
    stream.destroy();
  }
}

function encoded(words: readonly string[]): Buffer {
  const bulks = words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`);
  return Buffer.from(`*${words.length}\r\n${bulks.join('')}`);
}

function readReplies(stream: Duplex, count: number, signal: AbortSignal): Promise<string[]> {
  return new Promise((resolve, reject) => {
    let bytes = Buffer.alloc(0);
    stream.on('data', (chunk: Buffer) => {
      bytes = Buffer.concat([bytes, chunk]);
      if (bytes.length > LIMITS.answerBytes) reject(new AnswerTooLong());
      const replies = wholeReplies(bytes, count);
      if (replies !== null) resolve(replies);
    });
    stream.once('end', () => reject(new Error('the connection was closed without an answer')));
    stream.once('close', () => reject(new Error('the connection was interrupted')));
    stream.once('error', reject);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

/** So many replies as redis-cli prints them; null where not all have come. */
export function wholeReplies(bytes: Buffer, count: number): string[] | null {
  const replies: string[] = [];
  let at = 0;
  while (replies.length < count) {
    const reply = replyAt(bytes, at);
    if (reply === null) return null;
    replies.push(`${reply.text}\n`);
    at = reply.end;
  }
  return replies;
}

type Reply = { readonly text: string; readonly end: number };

/** An error is followed by an empty line; of nothing there is an empty line. */
function replyAt(bytes: Buffer, start: number): Reply | null {
  const newline = bytes.indexOf('\r\n', start);
  if (newline < 0) return null;
  const line = bytes.toString('utf8', start + 1, newline);
  const end = newline + 2;
  switch (String.fromCharCode(bytes[start] ?? 0)) {
    case '+':
    case ':':
      return { text: line, end };
    case '-':
      return { text: `${line}\n`, end };
    case '$': {
      const length = Number(line);
      if (length < 0) return { text: '', end };
      if (bytes.length < end + length + 2) return null;
      return { text: bytes.toString('utf8', end, end + length), end: end + length + 2 };
    }
    case '*':
      return arrayAt(bytes, Number(line), end);
    default:
      throw new Error(`the answer is not of the protocol of Redis: ${line}`);
  }
}

function arrayAt(bytes: Buffer, count: number, start: number): Reply | null {
  const texts: string[] = [];
  let at = start;
  for (let item = 0; item < count; item += 1) {
    const reply = replyAt(bytes, at);
    if (reply === null) return null;
    texts.push(reply.text);
    at = reply.end;
  }
  return { text: texts.join('\n'), end: at };
}
