import { mistakesError, type SourceFile } from '../shared/diagnostic.ts';
import { UserError } from '../shared/failure.ts';
import { plainValue, type YamlEntry, type YamlMap, type YamlNode } from '../shared/yaml-node.ts';
import { parseYaml, type YamlSource } from '../shared/yaml-source.ts';
import { escapeDollars, interpolate } from './interpolate.ts';
import type { KraftfileSpec } from './kraftfile.ts';
import { splitShellWords } from './shell-words.ts';
import { applySplices, insertKey, replaceValue } from './splice-entry.ts';
import { writeList, writeText } from './write-scalar.ts';

/** What to set; a key that is left out stays as it is. Texts are as they are meant, dollars not yet escaped. */
export type KraftfileEdit = {
  readonly name?: string;
  /** In the object forms the path within: `source`, `source.path`, or `source.dockerfile` where there is one. */
  readonly rootfs?: string;
  readonly cmd?: readonly string[];
};

type Key = keyof KraftfileEdit;
const KEYS: readonly Key[] = ['name', 'rootfs', 'cmd'];

/**
 * The text with the edit put in, and nothing else changed: what already has the wanted value stays as it is written.
 * `cmd` is written as a list in one line; a missing key is inserted in the catalog's order.
 * @throws UserError `kraftfile-invalid` where the text is not a YAML map, or where an anchor in a value that would go
 * is needed elsewhere
 */
export function spliceKraftfile(source: SourceFile, edit: KraftfileEdit): string {
  const { file } = source;
  return KEYS.reduce((text, key) => {
    const value = edit[key];
    return value === undefined ? text : spliceKey({ file, text }, key, value);
  }, source.text);
}

function spliceKey(source: SourceFile, key: Key, value: string | readonly string[]): string {
  const { yaml, root } = parseMap(source);
  const spec = specOf(root);
  const entry = targetOf(root, key);
  const present = entry ?? root.entries.get(key);
  if (present !== undefined && isWanted(present.node, value, spec)) return source.text;
  const written = entry === undefined ? '' : source.text.slice(entry.valueRange.start, entry.valueRange.end);
  const escapeFor = (text: string) => (spec === 'v0.6' ? escapeDollars(text) : text);
  const text =
    typeof value === 'string' ? writeText(escapeFor(value), written) : writeList(value.map(escapeFor));
  const splices = entry === undefined ? [insertKey(yaml, root, key, text)] : replaceValue(yaml, entry, text);
  const result = applySplices(source.text, splices);
  if (isSound(source, result, { key, value, spec })) return result;
  throw new UserError(
    'kraftfile-invalid',
    `cannot change ${key} in ${source.file}: other parts of the file depend on it`,
    {
      hint: `write ${key}: ${text} by hand`,
    },
  );
}

function parseMap(source: SourceFile): { yaml: YamlSource; root: YamlMap } {
  const yaml = parseYaml(source, { version: '1.1' });
  const { root } = yaml;
  if (yaml.diagnostics.length === 0 && root?.kind === 'map') return { yaml, root };
  const range = { start: 0, end: 0 };
  const diagnostics =
    yaml.diagnostics.length > 0 ? yaml.diagnostics : [{ message: 'a Kraftfile must be a map', range }];
  throw mistakesError('kraftfile-invalid', [{ source, diagnostics }]);
}

function specOf(root: YamlMap): KraftfileSpec {
  const node = (root.entries.get('spec') ?? root.entries.get('specification'))?.node;
  return node?.kind === 'scalar' && /^v?0\.7/.test(String(node.value ?? '')) ? 'v0.7' : 'v0.6';
}

/** The entry to edit, if the file contains it directly; for a rootfs in object form, its path. */
function targetOf(root: YamlMap, key: Key): YamlEntry | undefined {
  const directEntry = (map: YamlMap, name: string) => {
    const entry = map.entries.get(name);
    return entry?.merged === true ? undefined : entry;
  };
  let entry = directEntry(root, key);
  while (key === 'rootfs' && entry?.node.kind === 'map' && isWrittenHere(entry)) {
    const inner =
      directEntry(entry.node, 'source') ??
      directEntry(entry.node, 'dockerfile') ??
      directEntry(entry.node, 'path');
    if (inner === undefined) return entry;
    entry = inner;
  }
  return entry;
}

/** Whether the value stands in its place, and not behind an alias. */
function isWrittenHere({ node, valueRange }: YamlEntry): boolean {
  return node.range.start >= valueRange.start && node.range.start < valueRange.end;
}

function isWanted(node: YamlNode, value: string | readonly string[], spec: KraftfileSpec): boolean {
  if (typeof value === 'string') return meaningOf(node, spec) === value;
  if (node.kind === 'list') {
    return (
      node.items.length === value.length &&
      node.items.every((item, index) => meaningOf(item, spec) === value[index])
    );
  }
  const text = meaningOf(node, spec);
  if (text === null) return false;
  const split = spec === 'v0.7' ? splitShellWords(text) : { words: [text] };
  return (
    'words' in split &&
    split.words.length === value.length &&
    split.words.every((word, at) => word === value[at])
  );
}

/** What a reader makes of a text; null where that is no text or hangs on a variable. */
function meaningOf(node: YamlNode, spec: KraftfileSpec): string | null {
  if (node.kind !== 'scalar' || typeof node.value !== 'string') return null;
  if (spec === 'v0.7') return node.value;
  const { text, unset, mistake } = interpolate(node.value, {});
  return unset.length === 0 && mistake === null ? text : null;
}

/** Whether the new text has the wanted value, and every other key the one it had. */
function isSound(
  source: SourceFile,
  text: string,
  wanted: { readonly key: Key; readonly value: string | readonly string[]; readonly spec: KraftfileSpec },
): boolean {
  const { root, diagnostics } = parseYaml({ file: source.file, text }, { version: '1.1' });
  if (diagnostics.length > 0 || root?.kind !== 'map') return false;
  const entry = targetOf(root, wanted.key);
  if (entry === undefined || !isWanted(entry.node, wanted.value, wanted.spec)) return false;
  return othersOf(parseMap(source).root, wanted.key) === othersOf(root, wanted.key);
}

/** The values of all other keys, order left aside. */
function othersOf(root: YamlMap, key: string): string {
  const others = [...root.entries.values()].filter((entry) => entry.key !== key);
  const pairs = others.map((entry) => [entry.key, JSON.stringify(plainValue(entry.node))]);
  return JSON.stringify(pairs.sort(([a = ''], [b = '']) => (a < b ? -1 : 1)));
}
