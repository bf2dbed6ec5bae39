import type { PassingConnection } from '../connection-line.ts';
import type { HttpProbe, TcpProbe } from '../probe.ts';
import type { Look } from './look.ts';

/** A page that no app has. */
const MISSING = '/kraft-slim/no-such-page';

/**
 * Longer than the header lines that servers accept: nginx and Apache take 8 KiB, Node 16 KiB, Python and Go 64 KiB
 * and more.
 */
const LONG = 'a'.repeat(20_000);

/** What any client may ask of a web server, RFC 9110; the cases that may change the app's state are the last. */
export function httpLooks(shown: HttpProbe): readonly Look[] {
  const { port, path } = shown;
  const asking = (change: Partial<HttpProbe>): HttpProbe => ({ ...shown, ...PLAIN, ...change });
  const withHeaders = (headers: Readonly<Record<string, string>>) =>
    asking({ headers: { ...shown.headers, ...headers } });
  const look = (title: string, probe: Look['probe'], before: Look['before'] = null): Look => ({
    title: `${title} on port ${port}`,
    before,
    probe,
  });
  const passing = (send: string, end: PassingConnection['end']): PassingConnection => ({ port, send, end });
  const raw = (send: string): TcpProbe => ({ kind: 'tcp', port, send, expect: null });
  const get = `GET ${path} HTTP/1.1\r\nHost: localhost:${port}\r\n`;
  const separator = path.includes('?') ? '&' : '?';
  const encrypted: readonly Look[] = [
    look(`HEAD ${path}`, asking({ method: 'HEAD' })),
    look('a missing page', asking({ path: MISSING })),
    look('a query', asking({ path: `${path}${separator}a=1&b=%20c` })),
    look('a range', withHeaders({ range: 'bytes=0-3' })),
    look('a page that has not changed', withHeaders({ 'if-modified-since': LONG_AHEAD })),
    look('a page in gzip', withHeaders({ 'accept-encoding': 'gzip', 'accept-language': 'de' })),
    look('OPTIONS', asking({ method: 'OPTIONS' })),
  ];
  const plain: readonly Look[] = [
    look('a second connection', asking({}), passing('', 'stays')),
    look('a bad escape', raw(`GET /%zz HTTP/1.1\r\nHost: localhost:${port}\r\nConnection: close\r\n\r\n`)),
    look('a request without a host', raw('GET / HTTP/1.1\r\nConnection: close\r\n\r\n')),
    look('a bad line', raw('kraft-slim\r\n\r\n')),
    look('a line that is too long', raw(`GET /${LONG} HTTP/1.1\r\nHost: localhost:${port}\r\n\r\n`)),
    look('the page after a client that left at once', asking({}), passing(`${get}\r\n`, 'at-once')),
    look('the page after half a request and a reset', asking({}), passing(`${get}\r\n${get}`, 'unread')),
  ];
  const changing: readonly Look[] = [
    look(`POST ${path}`, { ...withHeaders(FORM), method: 'POST', body: 'name=value' }),
    look('another method', asking({ method: 'DELETE', path: MISSING })),
  ];
  // a client that speaks no TLS is refused before the app sees what it sends
  return shown.tls ? [...encrypted, ...changing] : [...encrypted, ...plain, ...changing];
}

const PLAIN: Pick<HttpProbe, 'method' | 'body' | 'expectStatus' | 'expect' | 'showsHead' | 'follows'> = {
  method: 'GET',
  body: null,
  expectStatus: null,
  expect: null,
  showsHead: false,
  follows: false,
};

/** The last moment that a 32-bit clock holds: no page is newer. */
const LONG_AHEAD = 'Tue, 19 Jan 2038 03:14:07 GMT';

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
