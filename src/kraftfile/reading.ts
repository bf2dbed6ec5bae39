import type { Diagnostic, TextRange } from '../shared/diagnostic.ts';
import { nearestMatch } from '../shared/nearest-match.ts';
import { describeNode, type YamlEntry, type YamlMap, type YamlNode } from '../shared/yaml-node.ts';
import { interpolate, type Variables } from './interpolate.ts';
import type { KraftfileSpec, KraftfileWarning, KraftfileWarningCode } from './kraftfile.ts';

/** One reading of a Kraftfile: by which rules, and what was found wrong so far. */
export type Reading = {
  readonly spec: KraftfileSpec;
  readonly variables: Variables;
  readonly mistakes: Diagnostic[];
  readonly warnings: KraftfileWarning[];
};

export function reject(reading: Reading, range: TextRange, message: string): void {
  reading.mistakes.push({ message, range });
}

export function warn(reading: Reading, code: KraftfileWarningCode, range: TextRange, message: string): void {
  reading.warnings.push({ code, message, range });
}

/** A text with its variables replaced; null, and a mistake, for anything else. */
export function readText(reading: Reading, node: YamlNode, what: string): string | null {
  if (node.kind === 'scalar' && typeof node.value === 'string') {
    return replaceVariables(reading, node.value, node.range, what);
  }
  const isOther = node.kind === 'scalar' && node.value !== null;
  const advice = isOther ? ': put it in quotes' : '';
  reject(reading, node.range, `${what} must be text, not ${describeNode(node)}${advice}`);
  return null;
}

/** v0.7 does not replace variables (kraftkit, unikraft/app/project_v07_test.go). */
function replaceVariables(reading: Reading, text: string, range: TextRange, what: string): string {
  if (reading.spec === 'v0.7') return text;
  const result = interpolate(text, reading.variables);
  if (result.mistake !== null) reject(reading, range, `${what}: ${result.mistake}`);
  for (const name of result.unset) {
    const message = `${what}: the variable ${name} is not set, kraft fails on it; a literal dollar is written $$`;
    warn(reading, 'kraftfile-unset-variable', range, message);
  }
  return result.text;
}

/**
 * A value that kraft turns into text, as Go prints it: numbers and booleans too. Empty gives an empty text. Where
 * the result is not what is written, that is a warning.
 */
export function readPrintable(reading: Reading, node: YamlNode, what: string): string | null {
  if (node.kind !== 'scalar') {
    reject(reading, node.range, `${what} must be a single value, not ${describeNode(node)}`);
    return null;
  }
  if (node.value === null) return '';
  if (typeof node.value === 'string') return readText(reading, node, what);
  const text = String(node.value);
  if (text !== node.source) {
    const message = `${what}: YAML reads ${node.source} as ${text}: put it in quotes`;
    warn(reading, 'kraftfile-ambiguous-value', node.range, message);
  }
  return text;
}

/** A map whose keys are all known; it reports unknown keys with the nearest known key. */
export function readKeys<Key extends string>(
  reading: Reading,
  node: YamlNode,
  options: { readonly what: string; readonly keys: readonly Key[] },
): Partial<Record<Key, YamlEntry>> | null {
  const map = readMap(reading, node, options.what);
  if (map === null) return null;
  const found: Partial<Record<Key, YamlEntry>> = {};
  for (const entry of map.entries.values()) {
    const key = options.keys.find((known) => known === entry.key);
    if (key !== undefined) found[key] = entry;
    else if (!entry.key.startsWith('x-')) unknownKey(reading, entry, options.keys);
  }
  return found;
}

function unknownKey(reading: Reading, entry: YamlEntry, keys: readonly string[]): void {
  const nearest = nearestMatch(entry.key, keys);
  const message = `unknown key ${entry.key}${nearest === undefined ? '' : `: did you mean ${nearest}?`}`;
  if (reading.spec === 'v0.7') reject(reading, entry.keyRange, message);
  else warn(reading, 'kraftfile-unknown-key', entry.keyRange, message);
}

export function readMap(reading: Reading, node: YamlNode, what: string): YamlMap | null {
  if (node.kind === 'map') return node;
  reject(reading, node.range, `${what} must be a map, not ${describeNode(node)}`);
  return null;
}

/** `KEY=value` items or a map, as kraft takes them for `env` and `kconfig` alike. */
export function readPairs(
  reading: Reading,
  node: YamlNode,
  options: {
    readonly what: string;
    readonly print: (reading: Reading, node: YamlNode, what: string) => string | null;
  },
): Map<string, string> {
  const { what, print } = options;
  const pairs = new Map<string, string>();
  if (node.kind === 'map') {
    for (const { key, node: value } of node.entries.values()) {
      const text = print(reading, value, `${what}.${key}`);
      if (text !== null) pairs.set(key, text);
    }
  } else if (node.kind === 'list') {
    for (const [index, item] of node.items.entries()) {
      const text = readText(reading, item, `${what}[${index}]`);
      if (text === null) continue;
      const equals = text.indexOf('=');
      pairs.set(equals === -1 ? text : text.slice(0, equals), equals === -1 ? '' : text.slice(equals + 1));
    }
  } else reject(reading, node.range, `${what} must be a map or a list, not ${describeNode(node)}`);
  return pairs;
}

export function isEmpty(node: YamlNode): boolean {
  return node.kind === 'scalar' && node.value === null;
}
