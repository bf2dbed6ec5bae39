import { parseArgs } from 'node:util';
import type { ReadmeCommand } from '../entry/readme.ts';
import { askedUrl, namedHeaders } from './asked-url.ts';
import type { HttpProbe } from './probe.ts';

/**
 * The options of wget(1) that say what is asked, and those that leave the question as it is. All others give no
 * probe.
 */
const OPTIONS = {
  'output-document': { type: 'string', short: 'O' },
  header: { type: 'string', multiple: true },
  'post-data': { type: 'string' },
  'body-data': { type: 'string' },
  method: { type: 'string' },
  'user-agent': { type: 'string', short: 'U' },
  spider: { type: 'boolean' },
  quiet: { type: 'boolean', short: 'q' },
  'no-verbose': { type: 'boolean' },
  timeout: { type: 'string', short: 'T' },
  tries: { type: 'string', short: 't' },
  'retry-connrefused': { type: 'boolean' },
  waitretry: { type: 'string' },
  'no-check-certificate': { type: 'boolean' },
  'content-on-error': { type: 'boolean' },
  'no-proxy': { type: 'boolean' },
  'inet4-only': { type: 'boolean', short: '4' },
} as const;

type Values = { readonly [option: string]: string | boolean | (string | boolean)[] | undefined };

/**
 * The probe of a `wget` line; undefined where it asks no port of the app, or in a way that is not known here. The
 * text shown below is what is expected where the answer is written to the terminal, and its progress is not.
 */
export function wgetProbe(
  { words, expected }: Pick<ReadmeCommand, 'words' | 'expected'>,
  guestPorts: ReadonlyMap<number, number>,
): HttpProbe | undefined {
  const args = words.slice(1).map((word) => (word === '-nv' ? '--no-verbose' : word));
  const parsed = parseArgs({ args, options: OPTIONS, allowPositionals: true, strict: false });
  const values: Values = parsed.values;
  if (Object.keys(values).some((option) => !(option in OPTIONS))) return undefined;
  const requestUrl = askedUrl(parsed.positionals, guestPorts);
  if (requestUrl === undefined) return undefined;
  const body = textOf(values, 'post-data') ?? textOf(values, 'body-data');
  const isShown =
    values.quiet === true && textOf(values, 'output-document') === '-' && values.spider !== true;
  return {
    kind: 'http',
    ...requestUrl,
    method: methodOf(values),
    headers: headersOf(values, body),
    body,
    expectStatus: null,
    expect: isShown ? expected : null,
    showsHead: false,
    follows: true,
  };
}

function methodOf(values: Values): string {
  if (values.spider === true) return 'HEAD';
  return textOf(values, 'method') ?? (textOf(values, 'post-data') === null ? 'GET' : 'POST');
}

function headersOf(values: Values, body: string | null): Record<string, string> {
  const agent = textOf(values, 'user-agent');
  const given = [values.header ?? []].flat().filter((value) => typeof value === 'string');
  return {
    ...(body === null ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
    ...(agent === null ? {} : { 'user-agent': agent }),
    ...namedHeaders(given),
  };
}

function textOf(values: Values, option: keyof typeof OPTIONS): string | null {
  const value = values[option];
  return typeof value === 'string' ? value : null;
}
