import type { Diagnostic, TextRange } from './diagnostic.ts';
import type { YamlEntry, YamlNode, YamlScalar } from './yaml-node.ts';

/** Deeper nesting is refused: the parser recurses, and how deep it can depends on the machine. */
export const MAX_YAML_DEPTH = 64;
/** Aliases may make a small text stand for an endless value: more values than this are refused. */
const MAX_YAML_VALUES = 50_000;

/**
 * `replaced-key`: a key below the top level with another value than before, of which the last counts. `number-key`: a
 * key that is a number. `tab`: a tab that indents a line inside brackets.
 */
export type YamlLeniency = Diagnostic & { readonly kind: 'replaced-key' | 'number-key' | 'tab' };

/** A node with what an alias to it costs (values, depth), and where its writing ends. */
export type Located = {
  readonly node: YamlNode;
  readonly values: number;
  readonly depth: number;
  readonly end: number;
};

export type Walk = {
  readonly text: string;
  readonly version: '1.1' | '1.2';
  /** The node at the top, as the library has it. */
  readonly top: unknown;
  readonly diagnostics: Diagnostic[];
  readonly repeats: Diagnostic[];
  readonly lenient: YamlLeniency[];
  /** By the name of the anchor, as far as the text has been read; `open` while inside the anchor's own node. */
  readonly anchors: Map<string, Located | 'open'>;
};

/** Adds an entry to a map, or reports that its key is there already. */
export function addEntry(
  entries: Map<string, YamlEntry>,
  entry: YamlEntry,
  { walk, isNested }: { readonly walk: Walk; readonly isNested: boolean },
): void {
  const before = entries.get(entry.key);
  if (before === undefined) {
    entries.set(entry.key, entry);
    return;
  }
  const twice = { message: `the key ${entry.key} is given twice`, range: entry.keyRange };
  if (isNested && isSameValue(before.node, entry.node)) walk.repeats.push(twice);
  else if (isNested && walk.version === '1.1') {
    walk.lenient.push({ kind: 'replaced-key', ...twice });
    entries.set(entry.key, entry);
  } else walk.diagnostics.push(twice);
}

function isSameValue(a: YamlNode, b: YamlNode): boolean {
  return a.kind === 'scalar' && b.kind === 'scalar' && a.value === b.value;
}

export function entriesToMerge(node: YamlNode, range: TextRange, walk: Walk): YamlEntry[] {
  const maps = node.kind === 'list' ? node.items : [node];
  if (maps.every((map) => map.kind === 'map')) return maps.flatMap((map) => [...map.entries.values()]);
  walk.diagnostics.push({ message: 'a merge key (<<) takes a map or a list of maps', range });
  return [];
}

export function follow(name: string, range: TextRange, walk: Walk): Located {
  const found = walk.anchors.get(name);
  if (found !== undefined && found !== 'open') return found;
  const why = found === 'open' ? 'stands inside the value it names' : 'has no anchor above it';
  walk.diagnostics.push({ message: `the alias *${name} ${why}`, range });
  return nothing(range);
}

/** Adds up a collection; one that is too big or too deep is reported once and taken for nothing. */
export function measure(node: YamlNode, parts: readonly Located[], end: number, walk: Walk): Located {
  const values = parts.reduce((sum, part) => sum + part.values, 1);
  const depth = parts.reduce((most, part) => Math.max(most, part.depth), 0) + 1;
  if (values <= MAX_YAML_VALUES && depth <= MAX_YAML_DEPTH) return { node, values, depth, end };
  const message =
    values > MAX_YAML_VALUES
      ? `more than ${MAX_YAML_VALUES} values, aliases counted`
      : 'aliases nest too deeply';
  walk.diagnostics.push({ message, range: node.range });
  return nothing(node.range);
}

export function nothing(range: TextRange): Located {
  const node: YamlScalar = { kind: 'scalar', value: null, source: '', range };
  return { node, values: 1, depth: 1, end: range.end };
}
