import type { TextRange } from './diagnostic.ts';

/**
 * A YAML value that knows where it is written. An alias stands for the node of its anchor, so two places of a
 * document may share a node; `range` is then where the value is written, not the alias.
 */
export type YamlNode = YamlScalar | YamlList | YamlMap;

export type YamlScalar = {
  readonly kind: 'scalar';
  readonly value: string | number | boolean | null;
  /** As written, without quotes; differs from the value's own text where YAML read `1.10` as 1.1. */
  readonly source: string;
  readonly range: TextRange;
};

type YamlList = {
  readonly kind: 'list';
  readonly items: readonly YamlNode[];
  readonly range: TextRange;
};

export type YamlMap = {
  readonly kind: 'map';
  /** In order; what a merge key (`<<`) adds stands after the map's keys. */
  readonly entries: ReadonlyMap<string, YamlEntry>;
  /** Written as `{a: b}`. */
  readonly flow: boolean;
  readonly range: TextRange;
};

export type YamlEntry = {
  readonly key: string;
  readonly keyRange: TextRange;
  readonly node: YamlNode;
  /** Just after the colon; null where none is written, as in `{a}`. */
  readonly colonEnd: number | null;
  /**
   * What is written as the value in this very place: the alias and not what it stands for, anchor and tag
   * included, comments and blank lines after it excluded. Empty, at `colonEnd`, where nothing is written.
   */
  readonly valueRange: TextRange;
  /** The name of the anchor (`&name`) that the value carries. */
  readonly anchor: string | null;
  /** Added by a merge key (`<<`): written in another map. */
  readonly merged: boolean;
};

/** The way from the root to a value: keys of maps and indices of lists. */
export type YamlPath = readonly PropertyKey[];

/** The node at a path, through aliases and merge keys; undefined where there is none. */
export function nodeAt(root: YamlNode | null, path: YamlPath): YamlNode | undefined {
  let node: YamlNode | null | undefined = root;
  for (const step of path) {
    if (node?.kind === 'map') node = node.entries.get(String(step))?.node;
    else if (node?.kind === 'list') node = node.items[Number(step)];
    else return undefined;
  }
  return node ?? undefined;
}

/**
 * Where a path is written: its value, or with `part: 'key'` its key. Where the path leads nowhere, the nearest
 * thing above that is there.
 */
export function rangeAt(root: YamlNode | null, path: YamlPath, part: 'key' | 'value' = 'value'): TextRange {
  for (let length = path.length; length >= 0; length -= 1) {
    const node = nodeAt(root, path.slice(0, length));
    if (node === undefined) continue;
    const above = part === 'key' && length > 0 ? nodeAt(root, path.slice(0, length - 1)) : undefined;
    const entry = above?.kind === 'map' ? above.entries.get(String(path[length - 1])) : undefined;
    return entry?.keyRange ?? node.range;
  }
  return { start: 0, end: 0 };
}

/** The document as plain data: own properties only, so that a key `__proto__` is a key like any other. */
export function plainValue(node: YamlNode | null): unknown {
  if (node === null) return null;
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(plainValue);
  return Object.fromEntries([...node.entries.values()].map((entry) => [entry.key, plainValue(entry.node)]));
}

/** What a node is, for messages: `the number 8080`, `a list`, `empty`. */
export function describeNode(node: YamlNode): string {
  if (node.kind !== 'scalar') return `a ${node.kind}`;
  if (node.value === null) return node.source === '' ? 'empty' : node.source;
  return typeof node.value === 'string' ? 'text' : `the ${typeof node.value} ${node.source}`;
}
