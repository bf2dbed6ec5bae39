import type { ReadmeCommand } from '../entry/readme.ts';
import { type ClientSyntax, clientWords } from './client-words.ts';
import { printedBy } from './printed.ts';
import type { ClientProbe } from './probe.ts';
import { type Prompts, readSession, shownText, typedText } from './shown-session.ts';

/** redis-cli --help of Redis 7. */
const REDIS: ClientSyntax = {
  defaultPort: 6379,
  host: ['-h'],
  port: ['-p'],
  url: ['-u'],
  valued: [
    '-t',
    '-s',
    '-a',
    '--user',
    '--pass',
    '-r',
    '-i',
    '-n',
    '-d',
    '-D',
    '--cacert',
    '--cert',
    '--key',
    '--sni',
  ],
  letters: 'cex',
  stopsAtCommand: true,
};

const PROMPTS: Prompts = { first: /^(?:redis )?[\w.:-]+(?:\[\d+\])?(?:\(TX\))?>(?:\s(.*))?$/s };

/** Ways to use it that ask nothing, never end, or need a file or a terminal. */
const NOT_ASKING =
  /^--(?:latency.*|stat|bigkeys|memkeys|hotkeys|pipe|rdb|eval|scan|monitor|cluster|askpass|intrinsic.*)$/;

/** The probe of a `redis-cli` line; undefined where it asks no port of the app, or in a way that is not known here. */
export function redisProbe(
  { words, input, env, expected }: ReadmeCommand,
  guestPorts: ReadonlyMap<number, number>,
): ClientProbe | undefined {
  const client = clientWords(words, REDIS, guestPorts);
  if (client === undefined || client.flags.some((flag) => NOT_ASKING.test(flag))) return undefined;
  const { command } = client;
  const probe = { kind: 'client', command, image: null, env, expectExitCode: null } as const;
  if (input !== null || client.rest.length > 0) {
    const typed = input === null ? null : printedBy(input);
    if (typed === undefined) return undefined;
    return { ...probe, input: typed, expect: expected === null ? null : rawReplies(expected) };
  }
  const session = readSession(expected ?? '', PROMPTS);
  // opened by hand, and nothing is said of what is asked: the least that a client asks
  if (session.length === 0) return { ...probe, input: 'PING\n', expect: 'PONG' };
  const shown = shownText(session);
  return { ...probe, input: typedText(session), expect: shown === null ? null : rawReplies(shown) };
}

/** Replies as redis-cli prints them where no terminal is: without quotes, types and numbers of list items. */
function rawReplies(shown: string): string {
  return shown.split('\n').map(rawReply).join('\n');
}

function rawReply(line: string): string {
  const reply = line.trim().replace(/^(?:\d+\)\s+)+/, '');
  if (/^"(?:\\.|[^"\\])*"$/.test(reply)) return unquoted(reply);
  if (/^\((?:nil|empty .*)\)$/.test(reply)) return '';
  // an error is followed by an empty line
  if (reply.startsWith('(error) ')) return `${reply.slice('(error) '.length)}\n...`;
  return reply.replace(/^\((?:integer|double)\) /, '');
}

function unquoted(reply: string): string {
  const escapes: Record<string, string> = { n: '\n', r: '\r', t: '\t' };
  return reply.slice(1, -1).replace(/\\(.)/g, (_, letter: string) => escapes[letter] ?? letter);
}
