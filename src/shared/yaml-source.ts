import type { CST, Node, Pair, Scalar, YAMLMap } from 'yaml';
import { Composer, type Document, isAlias, isMap, isScalar, isSeq, Lexer, Parser } from 'yaml';
import { append } from './append.ts';
import type { Diagnostic, SourceFile, TextRange } from './diagnostic.ts';
import { flowTabs, withoutFlowTabs } from './yaml-flow-tabs.ts';
import type { YamlEntry, YamlNode, YamlScalar } from './yaml-node.ts';
import { goYamlNumber } from './yaml-number.ts';
import { surveyTokens } from './yaml-tokens.ts';
import { isForeignTag, voiceOf } from './yaml-voice.ts';
import {
  addEntry,
  entriesToMerge,
  follow,
  type Located,
  MAX_YAML_DEPTH,
  measure,
  nothing,
  type Walk,
  type YamlLeniency,
} from './yaml-walk.ts';

/** A parsed YAML text, or as much of it as could be understood. Ranges count from the start of `text`. */
export type YamlSource = SourceFile & {
  /** Null where the document is empty, or refused as a whole. */
  readonly root: YamlNode | null;
  /** Every comment, from its `#` to the end of its line. */
  readonly comments: readonly TextRange[];
  /** The text is not YAML: `root` is no more than a guess at what was meant. */
  readonly broken: boolean;
  /** Every mistake of syntax, in the order of the text. */
  readonly diagnostics: readonly Diagnostic[];
  /**
   * Keys below the top level that are given twice with the same single value: harmless, and found in real files, so
   * the caller judges. All other duplicate keys are in `diagnostics`.
   */
  readonly repeats: readonly Diagnostic[];
  /** In YAML 1.1: what kraft's libraries may take all the same, so the caller judges. Else it is in `diagnostics`. */
  readonly lenient: readonly YamlLeniency[];
};

export type YamlOptions = {
  /** `1.1` reads `yes`, `on` and `y` as booleans, as kraft's YAML libraries do; the default is `1.2`. */
  readonly version?: '1.1' | '1.2';
};

/** Longer texts are refused, since the parser's time grows faster than the text. In UTF-16 units. */
export const MAX_YAML_LENGTH = 128 * 1024;
/** A document, its deepest collections, and a value in them. */
const MAX_OPEN_TOKENS = MAX_YAML_DEPTH + 4;
const TOO_DEEP = `nested more than ${MAX_YAML_DEPTH} levels deep`;

/**
 * Parses one YAML document. It never throws: every mistake is in `diagnostics`, and hostile input (huge, deeply
 * nested, aliases that multiply) is one of them.
 */
export function parseYaml(source: SourceFile, options: YamlOptions = {}): YamlSource {
  const { file, text } = source;
  const refuse = (message: string, at = 0): YamlSource => {
    return {
      file,
      text,
      root: null,
      comments: [],
      broken: true,
      repeats: [],
      lenient: [],
      diagnostics: [{ message, range: { start: at, end: at } }],
    };
  };
  if (text.length > MAX_YAML_LENGTH)
    return refuse(`a file of more than ${MAX_YAML_LENGTH / 1024} KiB is refused`);
  const version = options.version ?? '1.2';
  const tokens = tokensOf(text);
  if (typeof tokens === 'number') return refuse(TOO_DEEP, tokens);
  const { depth, deepest, comments } = surveyTokens(tokens);
  if (depth > MAX_YAML_DEPTH) return refuse(TOO_DEEP, deepest);
  const composer = new Composer({
    version,
    uniqueKeys: false,
    prettyErrors: false,
    keepSourceTokens: true,
    resolveKnownTags: false,
    customTags: (tags) => tags.filter((tag) => typeof tag === 'string' || !isForeignTag(tag)),
  });
  const documents = [...composer.compose(tokens, true, text.length)];
  const read = { file, text, comments, ...readDocuments(documents, text, version) };
  const tabless = read.broken && version === '1.1' ? withoutFlowTabs(text) : text;
  if (tabless === text) return read;
  const again = parseYaml({ file, text: tabless }, options);
  const tabs = flowTabs(text).map((tab) => ({ kind: 'tab' as const, ...tab }));
  return again.broken ? read : { ...again, text, lenient: [...again.lenient, ...tabs] };
}

/**
 * The tokens of a text. The parser keeps a kilobyte for each open collection, so that a text that nests too deeply is
 * not parsed to its end.
 * @returns where that is, instead of the tokens.
 */
function tokensOf(text: string): readonly CST.Token[] | number {
  const tokens: CST.Token[] = [];
  const parser = new Parser();
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) tokens.push(token);
    if (parser.stack.length > MAX_OPEN_TOKENS) return parser.offset;
  }
  return [...tokens, ...parser.end()];
}

function readDocuments(
  documents: readonly Document.Parsed[],
  text: string,
  version: '1.1' | '1.2',
): Pick<YamlSource, 'root' | 'broken' | 'diagnostics' | 'repeats' | 'lenient'> {
  const [first, second] = documents;
  if (first === undefined) return { root: null, broken: false, diagnostics: [], repeats: [], lenient: [] };
  const diagnostics: Diagnostic[] = [...first.errors, ...first.warnings].map((error) => ({
    message: voiceOf(error.code, error.message),
    range: { start: error.pos[0], end: error.pos[1] },
  }));
  if (second !== undefined) {
    const [start, , end] = second.range;
    diagnostics.push({ message: 'only one YAML document is allowed in a file', range: { start, end } });
  }
  const found = { diagnostics, repeats: [], lenient: [] };
  const walk: Walk = { text, version, top: first.contents, ...found, anchors: new Map() };
  const node = first.contents === null ? null : locate(first.contents, walk).node;
  const empty = node?.kind === 'scalar' && node.value === null && node.source === '';
  diagnostics.sort((a, b) => a.range.start - b.range.start);
  const { repeats, lenient } = walk;
  return { root: empty ? null : node, broken: first.errors.length > 0, diagnostics, repeats, lenient };
}

/**
 * Turns the library's nodes into ours. Aliases are followed here and not by the library, whose errors for them
 * have no place.
 */
function locate(node: Node, walk: Walk): Located {
  const range = rangeOf(node);
  if (isAlias(node)) return { ...follow(node.source, range, walk), end: range.end };
  const anchor = anchorOf(node);
  if (anchor !== null) walk.anchors.set(anchor, 'open');
  const located = locateOwn(node, range, walk);
  if (anchor !== null) walk.anchors.set(anchor, located);
  return located;
}

function locateOwn(node: Node, range: TextRange, walk: Walk): Located {
  if (isMap(node)) return locateMap(node as YAMLMap<Node, Node | null>, range, walk);
  if (isSeq(node)) {
    const items = node.items.map((item) => locate(item as Node, walk));
    const end = node.flow === true ? range.end : (items.at(-1)?.end ?? range.end);
    return measure({ kind: 'list', items: items.map((item) => item.node), range }, items, end, walk);
  }
  if (!isScalar(node)) return nothing(range);
  const source = node.source ?? '';
  const end = range.start + walk.text.slice(range.start, range.end).trimEnd().length;
  const scalar: YamlScalar = { kind: 'scalar', value: scalarValue(node, walk), source, range };
  return { node: scalar, values: 1, depth: 1, end };
}

/** The library's value; for a plain scalar of YAML 1.1 the number or text that it is to kraft's library. */
function scalarValue({ value, source = '', type, tag }: Scalar, { version }: Walk): YamlScalar['value'] {
  const isNumberOrText = typeof value === 'number' || typeof value === 'string';
  if (version === '1.2' || type !== 'PLAIN' || tag !== undefined || !isNumberOrText)
    return value as YamlScalar['value'];
  return goYamlNumber(source) ?? (typeof value === 'number' ? source : value);
}

/**
 * Merge keys are resolved as kraft's libraries do it: the map's keys win, then the first map that has a key.
 * Duplicate keys are looked for here because the library compares every key with every other.
 */
function locateMap(map: YAMLMap<Node, Node | null>, range: TextRange, walk: Walk): Located {
  const entries = new Map<string, YamlEntry>();
  const merged: YamlEntry[] = [];
  const parts: Located[] = [];
  for (const pair of map.items) {
    const part = locatePair(pair, walk);
    parts.push(part.located);
    const { entry } = part;
    if (isScalar(pair.key) && pair.key.source === '<<' && pair.key.type === 'PLAIN') {
      append(merged, entriesToMerge(part.located.node, rangeOf(pair.key), walk));
    } else if (entry !== undefined) {
      addEntry(entries, entry, { walk, isNested: map !== walk.top });
    }
  }
  for (const entry of merged) if (!entries.has(entry.key)) entries.set(entry.key, { ...entry, merged: true });
  const flow = map.flow === true;
  const end = flow ? range.end : (parts.at(-1)?.end ?? range.end);
  return measure({ kind: 'map', entries, flow, range }, parts, end, walk);
}

function locatePair(
  pair: Pair<Node, Node | null>,
  walk: Walk,
): { located: Located; entry: YamlEntry | undefined } {
  const keyRange = rangeOf(pair.key);
  const separators = pair.srcToken?.sep ?? [];
  const colon = separators.find((token) => token.type === 'map-value-ind');
  const colonEnd = colon === undefined ? null : colon.offset + colon.source.length;
  const at = colonEnd ?? keyRange.end;
  const key = keyOf(pair.key, keyRange, walk);
  const located = pair.value === null ? nothing({ start: at, end: at }) : locate(pair.value, walk);
  if (key === undefined) return { located, entry: undefined };
  const properties = separators.filter((token) => token.type === 'anchor' || token.type === 'tag');
  const ends = properties.map((token) => token.offset + token.source.length);
  const start = pair.value === null ? at : rangeOf(pair.value).start;
  // An empty value has no range: the library puts it after the comment that follows.
  const isWritten = located.end > start;
  const valueRange = {
    start: properties[0]?.offset ?? (isWritten ? start : at),
    end: isWritten ? located.end : (ends.at(-1) ?? at),
  };
  const node = isWritten ? located.node : { ...located.node, range: { start: at, end: at } };
  return {
    located,
    entry: {
      key,
      keyRange,
      node,
      colonEnd,
      valueRange,
      anchor: anchorOf(pair.value),
      merged: false,
    },
  };
}

function keyOf(key: Node, range: TextRange, walk: Walk): string | undefined {
  const { node } = locate(key, walk);
  if (node.kind === 'scalar' && typeof node.value === 'string') return node.value;
  const what = node.kind === 'scalar' ? `the ${typeof (node.value ?? '')} ${node.source}` : `a ${node.kind}`;
  const message =
    node.kind === 'scalar' && node.value === null ? 'a key is missing' : `a key must be text, not ${what}`;
  const mistake = { message: node.kind === 'scalar' ? `${message}: put it in quotes` : message, range };
  if (walk.version === '1.1' && node.kind === 'scalar' && typeof node.value === 'number') {
    walk.lenient.push({ kind: 'number-key', ...mistake });
    return node.source;
  }
  walk.diagnostics.push(mistake);
  return undefined;
}

function anchorOf(node: Node | null): string | null {
  return node !== null && !isAlias(node) && 'anchor' in node ? (node.anchor ?? null) : null;
}

function rangeOf(node: Node): TextRange {
  const [start, end] = node.range ?? [0, 0];
  return { start, end };
}
