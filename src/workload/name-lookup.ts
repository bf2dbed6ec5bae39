import { isIP } from 'node:net';
import type { ReadmeCommand } from '../entry/readme.ts';
import { SIDECAR_BUSYBOX } from './helper-images.ts';
import type { ClientProbe } from './probe.ts';

const DNS = 53;

/** Types of records that the sidecar's nslookup can ask for, `busybox nslookup --help`. */
const TYPES: ReadonlySet<string> = new Set('soa ns a aaaa cname mx txt ptr srv any'.split(' '));

const LOCAL = /^(?:localhost|127\.0\.0\.1|0\.0\.0\.0)$/;

type Lookup = {
  readonly name: string;
  readonly type: string;
  readonly server: string;
  readonly port: number;
};

/**
 * The probe of a line with `dig`, `nslookup` or `host` that asks a UDP port of the app for a name; undefined as for
 * curl. The sidecar asks, so that no image needs the program of the line.
 */
export function lookupProbe(
  { words, input, expected }: Pick<ReadmeCommand, 'words' | 'input' | 'expected'>,
  udpPorts: ReadonlyMap<number, number>,
): ClientProbe | undefined {
  const lookup = input === null ? readLookup(words) : undefined;
  const port = lookup === undefined ? undefined : udpPorts.get(lookup.port);
  if (lookup === undefined || port === undefined || !LOCAL.test(lookup.server)) return undefined;
  return {
    kind: 'client',
    command: ['dig', '@127.0.0.1', '-p', String(port), lookup.name, lookup.type],
    image: null,
    env: {},
    input: null,
    expect: addressIn(expected ?? ''),
    expectExitCode: null,
    speaks: 'dns',
  };
}

/** How the sidecar asks what a probe of `lookupProbe` says. */
export function lookupCommand({ command }: Pick<ClientProbe, 'command'>): string[] {
  const [, , , port, name = '', type] = command;
  return [SIDECAR_BUSYBOX, 'nslookup', `-type=${type}`, name, `127.0.0.1:${port}`];
}

function readLookup([tool, ...words]: readonly string[]): Lookup | undefined {
  if (tool === 'dig') return readDig(words);
  const named = words.filter((word) => !word.startsWith('-'));
  const options = words.filter((word) => word.startsWith('-'));
  const type = options.map((word) => /^-(?:type|query|q)=(\w+)$/.exec(word)?.[1]?.toLowerCase()).at(0) ?? 'a';
  const port = options.map((word) => /^-port=(\d+)$/.exec(word)?.[1]).find((text) => text !== undefined);
  const [name, server] = named;
  const isKnown = options.every((word) => /^-(?:type|query|q|port)=\w+$/.test(word)) && TYPES.has(type);
  if (!isKnown || named.length !== 2 || name === undefined || server === undefined) return undefined;
  return { name, type, server, port: Number(port ?? DNS) };
}

/** dig(1): words in any order, a type by its name, `@` before the server. */
function readDig(words: readonly string[]): Lookup | undefined {
  let [name, type, server, port] = ['', 'a', '', DNS];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (word.startsWith('@')) server = word.slice(1);
    else if (word === '-p') port = Number(words[++at]);
    else if (word === '-t') type = (words[++at] ?? '').toLowerCase();
    else if (TYPES.has(word.toLowerCase())) type = word.toLowerCase();
    else if (
      /^\+(?:no)?(?:short|all|comments|answer|stats|cmd|recurse|question|time=\d+|tries=\d+)$/.test(word)
    )
      continue;
    else if (/^[+-]/.test(word) || name !== '') return undefined;
    else name = word;
  }
  return name === '' || server === '' || !TYPES.has(type) ? undefined : { name, type, server, port };
}

/** The first address that a shown answer holds, with `+short` or without; null where the text shows none. */
function addressIn(shown: string): string | null {
  for (const line of shown.split('\n')) {
    const words = line.trim().split(/\s+/);
    const address = words.at(-1) ?? '';
    const isRecord = words.length === 1 || /^(?:A|AAAA|Address:?|address)$/.test(words.at(-2) ?? '');
    if (isRecord && !line.startsWith(';') && isIP(address) !== 0 && !LOCAL.test(address)) return address;
  }
  return null;
}
