import { type Diagnostic, mistakesError, type SourceFile, type TextRange } from '../shared/diagnostic.ts';
import { describeNode, type YamlEntry, type YamlNode } from '../shared/yaml-node.ts';
import { parseYaml, type YamlSource } from '../shared/yaml-source.ts';
import type { YamlLeniency } from '../shared/yaml-walk.ts';
import type { Variables } from './interpolate.ts';
import type { Component, Kraftfile, KraftfileCommand, KraftfileSpec, RootfsReference } from './kraftfile.ts';
import { readComponent, readRuntime, readTarget, readVolume } from './read-components.ts';
import { readRootfs } from './read-rootfs.ts';
import {
  isEmpty,
  type Reading,
  readKeys,
  readMap,
  readPairs,
  readPrintable,
  readText,
  reject,
  warn,
} from './reading.ts';
import { splitShellWords } from './shell-words.ts';

/** The keys of a Kraftfile; `x-` keys are free for other programs. */
const KRAFTFILE_KEYS = [
  'spec',
  'specification',
  'name',
  'runtime',
  'rootfs',
  'cmd',
  'template',
  'unikraft',
  'libraries',
  'targets',
  'env',
  'labels',
  'volumes',
  'roms',
  'outdir',
] as const;
type Key = (typeof KRAFTFILE_KEYS)[number];
type Keys = Partial<Record<Key, YamlEntry>>;

/** kraft fails on these keys where their value is empty (v0.6); the others may be empty, and then are as if absent. */
const NEVER_EMPTY: readonly Key[] = [
  'spec',
  'specification',
  'name',
  'rootfs',
  'libraries',
  'targets',
  'outdir',
];

export type KraftfileOptions = {
  /** What `$X` stands for in a v0.6 file; default none. */
  readonly variables?: Variables;
};

/**
 * Reads a Kraftfile of spec v0.6 or v0.7. What kraft lets pass is in `warnings`.
 * @throws UserError `kraftfile-invalid` with every mistake, each with its line and a caret.
 */
export function readKraftfile(source: SourceFile, options: KraftfileOptions = {}): Kraftfile {
  return kraftfileOf(parseYaml(source, { version: '1.1' }), options);
}

/** Reads a Kraftfile that is parsed already, as YAML 1.1; see `readKraftfile`. */
export function kraftfileOf(yaml: YamlSource, options: KraftfileOptions = {}): Kraftfile {
  const source = { file: yaml.file, text: yaml.text };
  if (yaml.broken) throw mistakesError('kraftfile-invalid', [{ source, diagnostics: yaml.diagnostics }]);
  const mistakes: Diagnostic[] = [];
  const fail = () =>
    mistakesError('kraftfile-invalid', [{ source, diagnostics: inOrder(yaml.diagnostics, mistakes) }]);
  if (yaml.root === null) {
    if (yaml.diagnostics.length === 0)
      mistakes.push({ message: 'the file is empty', range: { start: 0, end: 0 } });
    throw fail();
  }
  const lenient: Reading = { spec: 'v0.6', variables: {}, mistakes, warnings: [] };
  const root = readMap(lenient, yaml.root, 'a Kraftfile');
  if (root === null) throw fail();
  const spec = readSpec(lenient, root.entries, root.range);
  const { warnings } = lenient;
  const reading: Reading = { spec: spec ?? 'v0.6', variables: options.variables ?? {}, mistakes, warnings };
  for (const { message, range } of yaml.repeats) warn(reading, 'kraftfile-repeated-key', range, message);
  for (const leniency of yaml.lenient) judge(reading, leniency);
  const keys = readKeys(reading, root, { what: 'a Kraftfile', keys: KRAFTFILE_KEYS }) ?? {};
  const kraftfile = readModel(reading, dropEmpty(reading, keys));
  if (mistakes.length + yaml.diagnostics.length > 0) throw fail();
  return { file: source.file, text: source.text, ...kraftfile };
}

/** What YAML libraries differ in: yaml.v2 reads v0.6, and the cloud's reader v0.7. */
function judge(reading: Reading, { kind, message, range }: YamlLeniency): void {
  const isV06 = reading.spec === 'v0.6';
  if (kind === 'tab') warn(reading, 'kraftfile-tab', range, message);
  else if (kind === 'number-key' && isV06) reject(reading, range, message);
  else if (kind === 'replaced-key' && isV06)
    warn(reading, 'kraftfile-replaced-key', range, `${message} with different values: kraft uses the last`);
  else if (kind === 'replaced-key') reject(reading, range, message);
}

/** What YAML has to say goes before what follows from it in the same place. */
function inOrder(first: readonly Diagnostic[], second: readonly Diagnostic[]): Diagnostic[] {
  const places = new Set(first.map(({ range }) => range.start));
  const rest = second.filter(({ range }) => !places.has(range.start));
  return [...first, ...rest].sort((a, b) => a.range.start - b.range.start);
}

/**
 * `v0.6`, `0.6`, `v0.6.0`, under `spec` or its old name `specification` (kraftkit, schema/schema.go). A number is
 * taken too, since YAML makes one of `0.6`; kraft's own v0.6 loader refuses it.
 */
function readSpec(
  reading: Reading,
  entries: ReadonlyMap<string, YamlEntry>,
  whole: TextRange,
): KraftfileSpec | null {
  const spec = entries.get('spec');
  const specification = entries.get('specification');
  if (spec !== undefined && specification !== undefined) {
    reject(reading, specification.keyRange, 'spec and specification are the same: give one of them');
  }
  const node = (spec ?? specification)?.node;
  if (node === undefined) {
    const range = { start: whole.start, end: whole.start };
    reject(reading, range, 'the key spec is missing: a Kraftfile begins with spec: v0.6');
    return null;
  }
  const isNumber = node.kind === 'scalar' && typeof node.value === 'number';
  const text = isNumber ? node.source : readText(reading, node, 'spec');
  if (text === null) return null;
  if (!isNumber && /^v?0\.5(?:\.\d+)?$/.test(text.trim())) {
    warn(reading, 'kraftfile-old-form', node.range, `the spec ${text} is older than kraft: write spec: v0.6`);
    return 'v0.6';
  }
  const [, version] = /^v?(0\.[67])(?:\.\d+)?$/.exec(text.trim()) ?? [];
  if (version === undefined) {
    reject(reading, node.range, `the spec ${text} is not supported: v0.6 and v0.7 are`);
    return null;
  }
  if (isNumber && version === '0.6') {
    warn(reading, 'kraftfile-old-form', node.range, `kraft refuses a number here: write spec: v${version}`);
  }
  return `v${version}` as KraftfileSpec;
}

function dropEmpty(reading: Reading, keys: Keys): Keys {
  const kept: Keys = {};
  for (const key of KRAFTFILE_KEYS) {
    const entry = keys[key];
    if (
      entry === undefined ||
      (isEmpty(entry.node) && (reading.spec === 'v0.7' || !NEVER_EMPTY.includes(key)))
    )
      continue;
    kept[key] = entry;
  }
  return kept;
}

function readModel(reading: Reading, keys: Keys): Omit<Kraftfile, keyof SourceFile> {
  const unikraft = keys.unikraft ? readComponent(reading, keys.unikraft.node, 'unikraft') : null;
  const libraries = keys.libraries ? readLibraries(reading, keys.libraries.node) : new Map();
  if (keys.outdir) readText(reading, keys.outdir.node, 'outdir');
  const pairs = (key: 'env' | 'labels') =>
    keys[key] ? readPairs(reading, keys[key].node, { what: key, print: readPrintable }) : new Map();
  // kraft unmarshals labels into a map of texts, and takes no list
  if (keys.labels?.node.kind === 'list')
    reject(reading, keys.labels.node.range, 'labels must be a map, not a list');
  return {
    spec: reading.spec,
    name: keys.name ? readName(reading, keys.name.node) : null,
    runtime: keys.runtime ? readRuntime(reading, keys.runtime.node) : null,
    rootfs: keys.rootfs ? readRootfs(reading, keys.rootfs.node, 'rootfs') : { kind: 'absent' },
    cmd: keys.cmd ? readCommand(reading, keys.cmd.node) : null,
    env: pairs('env'),
    labels: pairs('labels'),
    template: keys.template ? readComponent(reading, keys.template.node, 'template') : null,
    unikraft,
    libraries,
    targets: readList(reading, keys.targets, readTarget),
    volumes: readList(reading, keys.volumes, readVolume),
    roms: readList<RootfsReference>(reading, keys.roms, readRootfs),
    kconfig: new Map([unikraft, ...libraries.values()].flatMap((part) => [...(part?.kconfig ?? [])])),
    warnings: reading.warnings,
  };
}

/**
 * The command's arguments. As one text v0.7 splits it like a shell, while kraft takes it in v0.6 for one argument
 * (kraftkit, unikraft/app/loader.go).
 */
function readCommand(reading: Reading, node: YamlNode): KraftfileCommand | null {
  const { range } = node;
  if (node.kind === 'list') {
    const argv = node.items.map((item, index) => readText(reading, item, `cmd[${index}]`));
    return { argv: argv.filter((argument) => argument !== null), range };
  }
  if (node.kind === 'map') reject(reading, range, `cmd must be a list, not ${describeNode(node)}`);
  const text = node.kind === 'map' ? null : readText(reading, node, 'cmd');
  if (text === null) return null;
  if (reading.spec === 'v0.6') {
    warn(
      reading,
      'kraftfile-cmd-text',
      range,
      'kraft reads a cmd that is one text as one argument: write a list',
    );
    return { argv: [text], range };
  }
  const split = splitShellWords(text);
  if ('words' in split) return { argv: split.words, range };
  reject(reading, range, `cmd: ${split.mistake}`);
  return null;
}

function readLibraries(reading: Reading, node: YamlNode): Map<string, Component> {
  const libraries = new Map<string, Component>();
  const map = readMap(reading, node, 'libraries');
  for (const { key, node: value } of map?.entries.values() ?? []) {
    const what = `libraries.${key}`;
    if (isEmpty(value) && reading.spec === 'v0.6')
      reject(reading, value.range, `${what} must be a version or a map`);
    const component = readComponent(reading, value, what);
    if (component !== null) libraries.set(key, component);
  }
  return libraries;
}

/** v0.7 takes a number for a name as it is written, v0.6 does not. */
function readName(reading: Reading, node: YamlNode): string | null {
  const isNumber = node.kind === 'scalar' && typeof node.value === 'number';
  return isNumber && reading.spec === 'v0.7' ? node.source : readText(reading, node, 'name');
}

/** A list; in v0.6 one volume may stand alone. */
function readList<Item>(
  reading: Reading,
  entry: YamlEntry | undefined,
  readItem: (reading: Reading, node: YamlNode, what: string) => Item | null,
): Item[] {
  if (entry === undefined) return [];
  const { key, node } = entry;
  if (key === 'volumes' && node.kind === 'scalar' && reading.spec === 'v0.6') {
    const item = readItem(reading, node, key);
    return item === null ? [] : [item];
  }
  if (node.kind !== 'list') {
    reject(reading, node.range, `${key} must be a list, not ${describeNode(node)}`);
    return [];
  }
  const items = node.items.map((item, index) => readItem(reading, item, `${key}[${index}]`));
  return items.filter((item) => item !== null);
}
