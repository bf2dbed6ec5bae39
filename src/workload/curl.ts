import { parseArgs } from 'node:util';
import type { ReadmeCommand } from '../entry/readme.ts';
import type { HttpProbe } from './probe.ts';

/** The options of curl(1) that a README uses; all others are let pass. */
const OPTIONS = {
  request: { type: 'string', short: 'X' },
  header: { type: 'string', short: 'H', multiple: true },
  data: { type: 'string', short: 'd', multiple: true },
  'data-raw': { type: 'string', multiple: true },
  json: { type: 'string' },
  'user-agent': { type: 'string', short: 'A' },
  user: { type: 'string', short: 'u' },
  output: { type: 'string', short: 'o' },
  'max-time': { type: 'string', short: 'm' },
  'connect-timeout': { type: 'string' },
  retry: { type: 'string' },
  'retry-delay': { type: 'string' },
  'write-out': { type: 'string', short: 'w' },
  cacert: { type: 'string' },
  include: { type: 'boolean', short: 'i' },
  head: { type: 'boolean', short: 'I' },
  silent: { type: 'boolean', short: 's' },
  'show-error': { type: 'boolean', short: 'S' },
  location: { type: 'boolean', short: 'L' },
  insecure: { type: 'boolean', short: 'k' },
  fail: { type: 'boolean', short: 'f' },
  verbose: { type: 'boolean', short: 'v' },
} as const;

/** The probe of a `curl` line; undefined where it asks no port of the app. */
export function curlProbe(
  { words, expected }: Pick<ReadmeCommand, 'words' | 'expected'>,
  guestPorts: ReadonlyMap<number, number>,
): HttpProbe | undefined {
  const { values, positionals } = parseArgs({
    args: words.slice(1),
    options: OPTIONS,
    allowPositionals: true,
    strict: false,
  });
  // the value of an option that is not known here stands among the words
  const url = positionals.map(urlOf).find((found) => found !== undefined && guestPorts.has(portOf(found)));
  const guest = url === undefined ? undefined : guestPorts.get(portOf(url));
  if (url === undefined || guest === undefined) return undefined;
  const json = typeof values.json === 'string' ? values.json : null;
  const data = json ?? dataOf([values.data, values['data-raw']].flat());
  const method =
    typeof values.request === 'string'
      ? values.request
      : values.head
        ? 'HEAD'
        : data === null
          ? 'GET'
          : 'POST';
  return {
    kind: 'http',
    port: guest,
    tls: url.protocol === 'https:',
    method,
    path: `${url.pathname}${url.search}`,
    headers: headersOf([values.header].flat(), { json: json !== null, data: data !== null }),
    body: data,
    expect: expected,
    showsHead: values.include === true || values.head === true,
  };
}

function urlOf(word: string): URL | undefined {
  try {
    return new URL(/^https?:\/\//.test(word) ? word : `http://${word}`);
  } catch {
    return undefined;
  }
}

function portOf({ port, protocol }: URL): number {
  return port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);
}

function dataOf(values: readonly (string | boolean | undefined)[]): string | null {
  const texts = values.filter((value) => typeof value === 'string');
  return texts.length === 0 ? null : texts.join('&');
}

function headersOf(
  lines: readonly (string | boolean | undefined)[],
  sends: { json: boolean; data: boolean },
): Record<string, string> {
  const headers: Record<string, string> = {};
  if (sends.json) headers['content-type'] = 'application/json';
  else if (sends.data) headers['content-type'] = 'application/x-www-form-urlencoded';
  for (const line of lines) {
    if (typeof line !== 'string' || !line.includes(':')) continue;
    headers[line.slice(0, line.indexOf(':')).trim().toLowerCase()] = line.slice(line.indexOf(':') + 1).trim();
  }
  return headers;
}
