import type { TcpProbe } from '../probe.ts';
import type { Look } from './look.ts';
import { tcpLooks } from './tcp-looks.ts';

/** Cases of a server that reads lines, by title; the cases that change what it stores are the last. */
type Talks = Readonly<Record<string, readonly string[]>>;

/** Commands of Redis, as its inline protocol takes them: redis.io/docs, "Redis serialization protocol". */
const REDIS: Talks = {
  'an echo': ['ECHO hello'],
  'an unknown command': ['KRAFTSLIM'],
  'a command without its arguments': ['GET'],
  'a setting': ['CONFIG GET maxmemory-policy'],
  'a script': ['EVAL "return 1 + 1" 0'],
  'the user': ['ACL WHOAMI'],
  'another database': ['SELECT 1', 'TYPE kraft-slim'],
  'a bad request': ['*x'],
  'a value': ['SET kraft-slim 1', 'INCR kraft-slim', 'GET kraft-slim', 'LLEN kraft-slim', 'DEL kraft-slim'],
  'a sorted set': ['ZADD kraft-slim 1 a 2 b', 'ZRANGE kraft-slim 0 -1', 'DEL kraft-slim'],
};

/** Commands of memcached: doc/protocol.txt of memcached. */
const MEMCACHED: Talks = {
  'the version': ['version'],
  'a missing key': ['get kraft-slim'],
  'an unknown command': ['kraft-slim'],
  'statistics of items': ['stats items'],
  'a bad size': ['set kraft-slim 0 0 x'],
  'a value': ['set kraft-slim 0 0 1', '7', 'get kraft-slim', 'incr kraft-slim 1', 'delete kraft-slim'],
};

/** The second look at a Redis: `QUIT` makes it close the connection, so that no case waits. */
export function redisLooks(port: number): readonly Look[] {
  return [...talkLooks(port, REDIS, 'QUIT'), ...tcpLooks(talk(port, ['PING', 'QUIT']))];
}

/** The second look at a memcached. */
export function memcachedLooks(port: number): readonly Look[] {
  return [...talkLooks(port, MEMCACHED, 'quit'), ...tcpLooks(talk(port, ['version', 'quit']))];
}

function talkLooks(port: number, talks: Talks, quit: string): readonly Look[] {
  return Object.entries(talks).map(([title, lines]) => ({
    title: `${title} on port ${port}`,
    before: null,
    probe: talk(port, [...lines, quit]),
  }));
}

function talk(port: number, lines: readonly string[]): TcpProbe {
  return { kind: 'tcp', port, send: lines.map((line) => `${line}\r\n`).join(''), expect: null };
}
