import { parseArgs } from 'node:util';
import { parseByteSize } from '../shared/byte-size.ts';
import { LIMITS } from '../shared/limits.ts';

/** What a `kraft run` line, or that of a cloud's command, says about how the app is run. */
export type KraftRun = {
  /** TCP ports as `-p HOST:GUEST` gives them. */
  readonly ports: readonly PortMapping[];
  /** UDP ports, `-p HOST:GUEST/udp`. */
  readonly udpPorts: readonly PortMapping[];
  readonly env: Readonly<Record<string, string>>;
  /** The memory of the machine; null where none is given. */
  readonly memoryBytes: number | null;
  readonly volumes: readonly VolumeMount[];
  /** The Kraftfile that it names, as it is written; null for the usual one, or where `<a word>` stands for any. */
  readonly kraftfile: string | null;
  /** What is run in place of the Kraftfile's whole command; null where nothing is given. */
  readonly args: readonly string[] | null;
  /** What the line of a cloud's command says besides; null for `kraft run`. */
  readonly cloud: CloudRun | null;
};

/** An app in a cloud: its TLS ends before the app, and what the command prints is the cloud's. */
export type CloudRun = {
  /** The directory that is built, as it is written; null where the line names an image. */
  readonly project: string | null;
  /** The image that is run; null where the line names a directory. */
  readonly image: string | null;
  /** The names by which other apps of the cloud reach it: `mongo.internal`. */
  readonly internal: readonly string[];
};

export type PortMapping = { readonly host: number; readonly guest: number };

export type VolumeMount = {
  /** A path relative to the README, or the name of a volume. */
  readonly host: string;
  /** An absolute path. */
  readonly guest: string;
  readonly readOnly: boolean;
};

/** A run of which nothing is said. */
export const PLAIN_RUN: KraftRun = {
  ports: [],
  udpPorts: [],
  env: {},
  memoryBytes: null,
  volumes: [],
  kraftfile: null,
  args: null,
  cloud: null,
};

/** The flags of `kraft run` with a value, RunOptions in kraftkit's internal/cli/kraft/run/run.go, and kraft's own. */
const FLAGS = {
  port: { type: 'string', short: 'p', multiple: true },
  env: { type: 'string', short: 'e', multiple: true },
  memory: { type: 'string', short: 'M' },
  volume: { type: 'string', short: 'v', multiple: true },
  kraftfile: { type: 'string', short: 'K' },
  arch: { type: 'string', short: 'm' },
  plat: { type: 'string' },
  name: { type: 'string', short: 'n' },
  network: { type: 'string' },
  ip: { type: 'string' },
  mac: { type: 'string' },
  'kernel-arg': { type: 'string', short: 'a' },
  initrd: { type: 'string' },
  rootfs: { type: 'string' },
  'rootfs-type': { type: 'string' },
  runtime: { type: 'string', short: 'r' },
  target: { type: 'string', short: 't' },
  as: { type: 'string' },
  prefix: { type: 'string' },
  'log-level': { type: 'string' },
  'log-type': { type: 'string' },
  detach: { type: 'boolean', short: 'd' },
  'disable-acceleration': { type: 'boolean', short: 'W' },
} as const;

/**
 * What a shell keeps to itself: where it stands the command ends, `kraft run . &`, `kraft run . # in the background`.
 * `<my-org>/nginx` is no redirection: authors write so what a reader has to fill in.
 */
const SHELL_WORD = /^(?:#.*|\d?(?!<[\w.-]+>)[<>].*|&&?|\|\|?|;|2>&1)$/;

/** The words of a command without what a shell keeps to itself. */
export function withoutShellWords(words: readonly string[]): readonly string[] {
  const end = words.findIndex((word) => SHELL_WORD.test(word));
  return end < 0 ? words : words.slice(0, end);
}

/**
 * Reads the words of a `kraft run` command; undefined where it is another command, or has more words than anybody
 * writes.
 */
export function readKraftRun(words: readonly string[]): KraftRun | undefined {
  if (words[0] !== 'kraft' || words[1] !== 'run' || words.length > LIMITS.commandWords) return undefined;
  const { values, tokens } = parseArgs({
    args: withoutShellWords(words).slice(2),
    options: FLAGS,
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const texts = (flag: keyof typeof FLAGS) => textsOfFlag(values[flag]);
  const kraftfile = texts('kraftfile').at(-1) ?? null;
  return {
    ports: texts('port').flatMap((text) => portsOf(text, 'tcp')),
    udpPorts: texts('port').flatMap((text) => portsOf(text, 'udp')),
    env: Object.fromEntries(texts('env').flatMap(variableOf)),
    memoryBytes: parseByteSize(texts('memory').at(-1) ?? '') ?? null,
    volumes: texts('volume').flatMap(volumeOf),
    kraftfile: kraftfile === null || hasPlaceholder(kraftfile) ? null : kraftfile,
    args: argsOf(tokens),
    cloud: null,
  };
}

/** The texts of a flag as `parseArgs` gives them; of `-p=80:80` without the sign. */
export function textsOfFlag(value: unknown): string[] {
  return [value ?? []].flat().flatMap((text) => (typeof text === 'string' ? [text.replace(/^=/, '')] : []));
}

/** `<a word>` that stands for any. */
function hasPlaceholder(text: string): boolean {
  const open = text.indexOf('<');
  return open >= 0 && text.indexOf('>', open) >= 0;
}

/** Beyond that, a range of ports is no mapping of an app's own. */
const MAX_RANGE = 64;

/** `[ADDRESS:]HOST:GUEST[/tcp|/udp]`, where both may be ranges of the same length. */
export function portsOf(text: string, protocol: 'tcp' | 'udp' = 'tcp'): PortMapping[] {
  const [, mapping = '', named = 'tcp'] = /^(.*?)(?:\/(tcp|udp))?$/s.exec(text) ?? [];
  const mapped = /(?:^|:)(\d+)(?:-(\d+))?:(\d+)(?:-(\d+))?$/.exec(mapping);
  if (mapped === null || named !== protocol) return [];
  const [host, hostEnd, guest, guestEnd] = mapped.slice(1).map(Number) as [number, number, number, number];
  const length = Number.isNaN(hostEnd) || hostEnd - host !== guestEnd - guest ? 1 : hostEnd - host + 1;
  if (length < 1 || length > MAX_RANGE) return [];
  return Array.from({ length }, (_, at) => ({ host: host + at, guest: guest + at }));
}

/** A name alone takes its value from the author's machine, where it is not known here. */
export function variableOf(text: string): [string, string][] {
  const cut = text.indexOf('=');
  return cut < 1 ? [] : [[text.slice(0, cut), text.slice(cut + 1)]];
}

export function volumeOf(text: string): VolumeMount[] {
  const [, host, guest, mode] = /^([^:]+):(\/[^:]*)(?::([\w,]+))?$/.exec(text) ?? [];
  if (host === undefined || guest === undefined) return [];
  return [{ host, guest, readOnly: mode?.split(',').includes('ro') ?? false }];
}

/** What is a project or a published image beyond doubt: `.`, `./app`, `unikraft.org/nginx:1.25`. */
const PROJECT = /^(?:\.{1,2}(?:\/.*)?|(?:oci:\/\/)?(?:index\.)?unikraft\.(?:org|io)\/.*)$/;

type Token = { readonly kind: string; readonly value?: string | undefined };

/**
 * The first word that is no flag is the project or the image; those after it are the app's, as are all after
 * `--`. Words before a certain project are an author's slip, such as a forgotten `-v`.
 */
function argsOf(tokens: readonly Token[]): string[] | null {
  const end = tokens.findIndex(({ kind }) => kind === 'option-terminator');
  const wordsOf = (some: readonly Token[]) =>
    some.flatMap(({ kind, value }) => (kind === 'positional' && value !== undefined ? [value] : []));
  const before = wordsOf(end < 0 ? tokens : tokens.slice(0, end));
  const after = end < 0 ? [] : wordsOf(tokens.slice(end));
  const project = Math.max(
    0,
    before.findIndex((word) => PROJECT.test(word)),
  );
  const args = [...before.slice(project + 1), ...after];
  return args.length === 0 ? null : args;
}
