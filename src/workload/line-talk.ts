import type { ReadmeCommand } from '../entry/readme.ts';
import { printedBy } from './printed.ts';
import type { TcpProbe } from './probe.ts';

/** What telnet says itself. */
const TELNET = /^(?:Trying .*|Connected to .*|Escape character is .*|Connection closed by .*)$/;

/** Commands of memcached, and of them those that a line of data follows: doc/protocol.txt of memcached. */
const MEMCACHED =
  /^(?:get|gets|set|add|replace|append|prepend|incr|decr|delete|touch|stats|version|flush_all)\b/;
const STORING = /^(?:set|add|replace|append|prepend) \S+ \d+ \d+ \d+(?: noreply)?$/;

/** `printf 'PING\r\n' | nc -w 1 localhost 6379`, `telnet localhost 11211`: host and port stand last. */
export function talkProbe(
  { words, input, expected }: Pick<ReadmeCommand, 'words' | 'input' | 'expected'>,
  guestPorts: ReadonlyMap<number, number>,
): TcpProbe | undefined {
  const port = guestPorts.get(Number(words.at(-1)));
  if (port === undefined) return undefined;
  if (input !== null) {
    const send = printedBy(input);
    return send === undefined ? undefined : { kind: 'tcp', port, send, expect: expected };
  }
  const { send, expect } = memcachedTalk(expected ?? '');
  return { kind: 'tcp', port, send, expect };
}

/**
 * What is typed and shown in a talk with memcached; in any other talk the two cannot be distinguished, and nothing is
 * sent.
 */
function memcachedTalk(text: string): Pick<TcpProbe, 'send' | 'expect'> {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !TELNET.test(line) && line !== 'quit');
  const typed: string[] = [];
  const shown: string[] = [];
  let isData = false;
  for (const line of lines) {
    const isTyped = isData || MEMCACHED.test(line);
    (isTyped ? typed : shown).push(line);
    isData = !isData && STORING.test(line);
  }
  if (!MEMCACHED.test(lines[0] ?? '')) return { send: '', expect: null };
  const send = typed.map((line) => `${line}\r\n`).join('');
  return { send, expect: shown.length === 0 ? null : withoutFigures(shown).join('\n') };
}

/** Statistics are others at every moment, and more of them in every version: that there are some is what counts. */
function withoutFigures(lines: readonly string[]): string[] {
  return lines.flatMap((line, at) => {
    if (!line.startsWith('STAT ')) return [line];
    return lines[at - 1]?.startsWith('STAT ') ? [] : [line.replace(/^(STAT \S+) .*$/, '$1'), '...'];
  });
}
