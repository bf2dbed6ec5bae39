import { parseArgs } from 'node:util';
import type { ReadmeCommand } from '../entry/readme.ts';
import { askedUrl, namedHeaders } from './asked-url.ts';
import type { HttpProbe } from './probe.ts';

/** The options of curl(1) that say what is asked. */
const ASKING = {
  request: { type: 'string', short: 'X' },
  header: { type: 'string', short: 'H', multiple: true },
  data: { type: 'string', short: 'd', multiple: true },
  'data-ascii': { type: 'string', multiple: true },
  'data-binary': { type: 'string', multiple: true },
  'data-raw': { type: 'string', multiple: true },
  json: { type: 'string', multiple: true },
  'user-agent': { type: 'string', short: 'A' },
  user: { type: 'string', short: 'u' },
  include: { type: 'boolean', short: 'i' },
  head: { type: 'boolean', short: 'I' },
  location: { type: 'boolean', short: 'L' },
} as const;

/** Those that leave the question as it is, let pass. All others may change it, and give no probe. */
const HARMLESS = {
  output: { type: 'string', short: 'o' },
  'dump-header': { type: 'string', short: 'D' },
  'max-time': { type: 'string', short: 'm' },
  'max-redirs': { type: 'string' },
  'connect-timeout': { type: 'string' },
  retry: { type: 'string' },
  'retry-delay': { type: 'string' },
  'retry-max-time': { type: 'string' },
  'retry-connrefused': { type: 'boolean' },
  'retry-all-errors': { type: 'boolean' },
  'write-out': { type: 'string', short: 'w' },
  cacert: { type: 'string' },
  noproxy: { type: 'string' },
  silent: { type: 'boolean', short: 's' },
  'show-error': { type: 'boolean', short: 'S' },
  insecure: { type: 'boolean', short: 'k' },
  fail: { type: 'boolean', short: 'f' },
  'fail-with-body': { type: 'boolean' },
  verbose: { type: 'boolean', short: 'v' },
  'no-buffer': { type: 'boolean', short: 'N' },
  'progress-bar': { type: 'boolean', short: '#' },
  'no-progress-meter': { type: 'boolean' },
  'remote-name': { type: 'boolean', short: 'O' },
  globoff: { type: 'boolean', short: 'g' },
  // the body is shown unpacked, which is how it comes where no packing is asked for
  compressed: { type: 'boolean' },
  ipv4: { type: 'boolean', short: '4' },
  'http1.1': { type: 'boolean' },
} as const;

const OPTIONS = { ...ASKING, ...HARMLESS } as const;

type Values = { readonly [option: string]: Value | Value[] | undefined };
type Value = string | boolean;

/** The probe of a `curl` line; undefined where it asks no port of the app, or in a way that is not known here. */
export function curlProbe(
  { words, expected }: Pick<ReadmeCommand, 'words' | 'expected'>,
  guestPorts: ReadonlyMap<number, number>,
): HttpProbe | undefined {
  const parsed = parseArgs({ args: words.slice(1), options: OPTIONS, allowPositionals: true, strict: false });
  const values: Values = parsed.values;
  if (Object.keys(values).some((option) => !(option in OPTIONS))) return undefined;
  const requestUrl = askedUrl(parsed.positionals, guestPorts);
  const body = bodyOf(values);
  if (requestUrl === undefined || body === undefined) return undefined;
  return {
    kind: 'http',
    ...requestUrl,
    method: methodOf(values, body),
    headers: headersOf(values, body),
    body,
    expectStatus: null,
    expect: expected,
    showsHead: values.include === true || values.head === true,
    follows: values.location === true,
  };
}

function methodOf(values: Values, body: string | null): string {
  if (typeof values.request === 'string') return values.request;
  if (values.head === true) return 'HEAD';
  return body === null ? 'GET' : 'POST';
}

/** What is sent, null for nothing; undefined where it stands in a file, and so is not known. */
function bodyOf(values: Values): string | null | undefined {
  const json = textsOf(values, 'json');
  const data = textsOf(values, 'data', 'data-ascii', 'data-binary');
  if ([...json, ...data].some((text) => text.startsWith('@'))) return undefined;
  if (json.length > 0) return json.join('');
  const all = [...data, ...textsOf(values, 'data-raw')];
  return all.length === 0 ? null : all.join('&');
}

function headersOf(values: Values, body: string | null): Record<string, string> {
  const headers: Record<string, string> = {};
  if (textsOf(values, 'json').length > 0) {
    headers['content-type'] = 'application/json';
    headers.accept = 'application/json';
  } else if (body !== null) headers['content-type'] = 'application/x-www-form-urlencoded';
  for (const agent of textsOf(values, 'user-agent')) headers['user-agent'] = agent;
  for (const user of textsOf(values, 'user')) {
    headers.authorization = `Basic ${Buffer.from(user).toString('base64')}`;
  }
  return { ...headers, ...namedHeaders(textsOf(values, 'header')) };
}

function textsOf(values: Values, ...options: readonly (keyof typeof ASKING)[]): string[] {
  return options.flatMap((option) => values[option] ?? []).filter((value) => typeof value === 'string');
}
