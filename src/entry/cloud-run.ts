import { parseArgs } from 'node:util';
import { parseByteSize } from '../shared/byte-size.ts';
import { LIMITS } from '../shared/limits.ts';
import { type KraftRun, portsOf, textsOfFlag, variableOf, volumeOf, withoutShellWords } from './kraft-run.ts';

/** The flags with a value of `kraft cloud deploy` and `instance create` (kraftkit, internal/cli/kraft/cloud). */
const KRAFT_FLAGS = {
  port: { type: 'string', short: 'p', multiple: true },
  env: { type: 'string', short: 'e', multiple: true },
  memory: { type: 'string', short: 'M' },
  volume: { type: 'string', short: 'v', multiple: true },
  domain: { type: 'string', short: 'd', multiple: true },
  name: { type: 'string', short: 'n' },
  kraftfile: { type: 'string', short: 'K' },
  image: { type: 'string', short: 'i' },
  as: { type: 'string', short: 'D' },
  certificate: { type: 'string', multiple: true },
  config: { type: 'string', short: 'c' },
  entrypoint: { type: 'string' },
  feature: { type: 'string' },
  jobs: { type: 'string', short: 'j' },
  metro: { type: 'string' },
  output: { type: 'string', short: 'o' },
  replicas: { type: 'string', short: 'R' },
  restart: { type: 'string' },
  rollout: { type: 'string' },
  'rollout-qualifier': { type: 'string' },
  'rollout-wait': { type: 'string' },
  rootfs: { type: 'string' },
  runtime: { type: 'string' },
  'scale-to-zero': { type: 'string' },
  'scale-to-zero-cooldown': { type: 'string' },
  service: { type: 'string', short: 'g' },
  subdomain: { type: 'string', short: 's' },
  timeout: { type: 'string' },
  token: { type: 'string' },
  vcpus: { type: 'string', short: 'V' },
  workdir: { type: 'string', short: 'w' },
} as const;

/** The flags of `unikraft run` with a value, as READMEs of unikraft-cloud/examples have them. */
const UNIKRAFT_FLAGS = {
  port: { type: 'string', short: 'p', multiple: true },
  publish: { type: 'string', multiple: true },
  env: { type: 'string', short: 'e', multiple: true },
  memory: { type: 'string', short: 'm' },
  volume: { type: 'string', short: 'v', multiple: true },
  domain: { type: 'string', multiple: true },
  name: { type: 'string', short: 'n' },
  image: { type: 'string' },
  metro: { type: 'string' },
  output: { type: 'string', short: 'o' },
  profile: { type: 'string' },
  replicas: { type: 'string' },
  restart: { type: 'string' },
  rom: { type: 'string', multiple: true },
  'scale-to-zero': { type: 'string' },
  service: { type: 'string' },
  set: { type: 'string', multiple: true },
  template: { type: 'string' },
  timeout: { type: 'string' },
  vcpus: { type: 'string' },
} as const;

type Flag = keyof typeof KRAFT_FLAGS | keyof typeof UNIKRAFT_FLAGS;
type Token = { readonly kind: string; readonly value?: string | undefined };

type CloudLine = {
  readonly texts: (flag: Flag) => readonly string[];
  /** The words that are no flag, those after `--` left out. */
  readonly words: readonly string[];
  /** The words after `--`; null where there is none. */
  readonly args: readonly string[] | null;
};

/** Words that begin a command of `kraft cloud` that runs an app: `deploy`, its other names, and `instance create`. */
const DEPLOYS = /^(?:deploy|launch|run|(?:instances?|inst|vm) (?:create|new|run))$/;

/**
 * Reads the words of `kraft cloud deploy`, `kraft cloud run` or `unikraft run`; undefined where it is another command,
 * or has more words than anybody writes.
 */
export function readCloudRun(words: readonly string[]): KraftRun | undefined {
  if (words.length > LIMITS.commandWords) return undefined;
  if (words[0] === 'unikraft') return readUnikraftRun(words);
  if (words[0] !== 'kraft' || words[1] !== 'cloud') return undefined;
  const line = lineOf(words.slice(2), KRAFT_FLAGS);
  const length = [1, 2].find((count) => DEPLOYS.test(line.words.slice(0, count).join(' ')));
  if (length === undefined) return undefined;
  const rest = line.words.slice(length);
  const at = rest.findIndex((word) => PROJECT.test(word));
  const named = at < 0 ? rest[0] : rest[at];
  const isProject = at >= 0 || named === undefined;
  const args = line.args ?? (at < 0 ? [] : rest.slice(at + 1));
  return cloudRun(line, {
    project: isProject ? (named ?? '.') : null,
    image: isProject ? null : (named ?? null),
    args,
  });
}

/** A directory beyond doubt. */
const PROJECT = /^\.{1,2}(?:\/.*)?$/;

function readUnikraftRun(words: readonly string[]): KraftRun | undefined {
  const at = words[1] === 'instances' || words[1] === 'instance' ? 2 : 1;
  if (words[at] !== 'run' && !(at === 2 && words[at] === 'create')) return undefined;
  const line = lineOf(words.slice(at + 1), UNIKRAFT_FLAGS);
  const image = line.texts('image').at(-1) ?? line.words.find((word) => /[/:]/.test(word)) ?? null;
  return cloudRun(line, { project: null, image, args: line.args ?? [] });
}

/** What `unikraft build DIRECTORY --output IMAGE` builds; undefined where it is another command. */
export function readUnikraftBuild(
  words: readonly string[],
): { readonly project: string; readonly image: string } | undefined {
  if (words[0] !== 'unikraft' || words[1] !== 'build' || words.length > LIMITS.commandWords) return undefined;
  const line = lineOf(words.slice(2), UNIKRAFT_FLAGS);
  const image = line.texts('output').at(-1);
  return image === undefined ? undefined : { project: line.words[0] ?? '.', image };
}

function lineOf(
  words: readonly string[],
  options: Readonly<
    Record<string, { readonly type: 'string'; readonly short?: string; readonly multiple?: true }>
  >,
): CloudLine {
  const { values, tokens } = parseArgs({
    args: [...withoutShellWords(words)],
    options,
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const end = tokens.findIndex(({ kind }) => kind === 'option-terminator');
  const positionals = (some: readonly Token[]) =>
    some.flatMap(({ kind, value }) => (kind === 'positional' && value !== undefined ? [value] : []));
  return {
    texts: (flag) => textsOfFlag(values[flag]),
    words: positionals(end < 0 ? tokens : tokens.slice(0, end)),
    args: end < 0 ? null : positionals(tokens.slice(end)),
  };
}

function cloudRun(
  { texts }: CloudLine,
  { project, image, args }: { project: string | null; image: string | null; args: readonly string[] },
): KraftRun {
  const names = texts('name').map((name) => `${name}.internal`);
  return {
    ports: [...texts('port'), ...texts('publish')].flatMap(portsOfService),
    udpPorts: [...texts('port'), ...texts('publish')].flatMap((text) => portsOf(text, 'udp')),
    env: Object.fromEntries(
      texts('env')
        .flatMap(variableOf)
        .filter(([, value]) => !UNKNOWN.test(value)),
    ),
    memoryBytes: memoryOf(texts('memory').at(-1) ?? ''),
    volumes: texts('volume').flatMap(volumeOf),
    kraftfile: texts('kraftfile').at(-1) ?? null,
    args: args.length === 0 ? null : args,
    cloud: {
      project,
      image,
      internal: [...texts('domain').filter((name) => name.endsWith('.internal')), ...names],
    },
  };
}

/** A value that only the author's shell knows. */
const UNKNOWN = /^\$(?:\w+|\{\w+\})$/;

/** `443:8080/tls+http`: what the cloud makes of the traffic before the app gets it. */
export function portsOfService(text: string): KraftRun['ports'] {
  return portsOf(text.replace(/\/(?:tls|http|tcp|redirect)(?:\+(?:tls|http|tcp|redirect))*$/, ''));
}

/** A size, where a number alone is mebibytes. */
export function memoryOf(text: string): number | null {
  return parseByteSize(/^\d+$/.test(text) ? `${text}Mi` : text) ?? null;
}
