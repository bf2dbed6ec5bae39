import type { Kraftfile, KraftfileSpec } from '../kraftfile/kraftfile.ts';
import { readKraftfile } from '../kraftfile/read-kraftfile.ts';
import { type BlockValue, writePair } from '../kraftfile/write-block.ts';
import { writeList, writeText } from '../kraftfile/write-scalar.ts';
import type { SourceFile } from '../shared/diagnostic.ts';
import { UserError } from '../shared/failure.ts';
import { plainValue, type YamlEntry, type YamlMap, type YamlNode } from '../shared/yaml-node.ts';
import { parseYaml, type YamlSource } from '../shared/yaml-source.ts';
import { type KraftfileView, renderView, VIEW_KEYS, type ViewKey } from './render-kraftfile.ts';

/**
 * A Kraftfile of any standard name as the catalog has them today: its order, one blank line between keys, `spec` under
 * its own name, `cmd` as a list, LF. Each key keeps its own lines, comments and unknown keys included; where they
 * cannot be kept (`{a: b}` or `<<` on the top level, an alias that would come before its anchor) all are written again.
 * @throws UserError `kraftfile-invalid` where neither says the same as before
 */
export function upgradeKraftfile(source: SourceFile): string {
  const before = readKraftfile(source);
  const text = source.text.replace(/^\ufeff/, '').replaceAll('\r\n', '\n');
  const yaml = parseYaml({ file: source.file, text }, { version: '1.1' });
  const { root } = yaml;
  if (root?.kind !== 'map') throw cannotUpgrade(source);
  const isMerged = [...root.entries.values()].some(({ merged }) => merged);
  for (const layOut of isMerged ? [newLines] : [ownLines, newLines]) {
    const upgraded = renderView(layOut(yaml, root, before));
    if (saysTheSame({ file: source.file, text: upgraded }, before, root)) return upgraded;
  }
  throw cannotUpgrade(source);
}

function cannotUpgrade({ file }: SourceFile): UserError {
  return new UserError(
    'kraftfile-invalid',
    `cannot upgrade ${file}: its meaning depends on the order of its keys`,
    {
      hint: 'write each key out, without anchors',
    },
  );
}

/** What stands between two keys belongs to the one below; what is indented below a key belongs to that. */
function ownLines({ text, comments }: YamlSource, root: YamlMap, before: Kraftfile): KraftfileView {
  const lines = text.replace(/\n$/, '').split('\n');
  const lineOf = (offset: number) => text.slice(0, offset).split('\n').length - 1;
  const entries = [...root.entries.values()].filter(({ merged }) => !merged);
  const starts = entries.map(({ keyRange }) => lineOf(keyRange.start));
  const indent = /^ */.exec(lines[starts[0] ?? 0] ?? '')?.[0] ?? '';
  const isDeeper = (line: string | undefined) =>
    line?.startsWith(indent) && /^[ \t]+#/.test(line.slice(indent.length));
  const cut = (from: number, to: number) =>
    lines
      .slice(from, to)
      .map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line).trimEnd());
  const sections: Section[] = [];
  let at = 0;
  for (const [index, entry] of entries.entries()) {
    const start = starts[index] ?? at;
    let end = lineOf(Math.max(entry.keyRange.end, entry.valueRange.end)) + 1;
    while (end < (starts[index + 1] ?? lines.length) && isDeeper(lines[end])) end += 1;
    const rewrittenLine = rewritten(entry, before);
    const notes = comments.filter(({ start: from }) => lineOf(from) >= start && lineOf(from) < end);
    const texts = notes.map((note) => text.slice(note.start, note.end).trimEnd());
    const written = rewrittenLine === null ? cut(start, end) : withNotes(rewrittenLine, texts);
    sections.push({ key: entry.key, above: commentLines(cut(at, start)), lines: written });
    at = end;
  }
  return viewOf(sections, { foot: commentLines(cut(at, lines.length)), spec: before.spec });
}

/** A line with the comments of those that it stands for: one beside it, more above it. */
function withNotes(line: string, notes: readonly string[]): string[] {
  const [only, ...more] = notes;
  if (only === undefined) return [line];
  return more.length === 0 ? [`${line} ${only}`] : [...notes, line];
}

/** Comments with the blank lines among them, and none of what marks a YAML document. */
function commentLines(lines: readonly string[]): string[] {
  const kept = lines.map((line) => line.replace(/^(%.*|---(?=\s|$)|\.\.\.(?=\s|$))\s*/, '').trimStart());
  const first = kept.findIndex((line) => line !== '');
  return first === -1 ? [] : kept.slice(first, kept.findLastIndex((line) => line !== '') + 1);
}

/** The line of an entry whose value is written again: `spec`, and a `cmd` that is one text; null for all others. */
function rewritten({ key, node }: YamlEntry, before: Kraftfile): string | null {
  if (isSpec(key)) return `spec: ${before.spec}`;
  return key === 'cmd' && isText(node) ? `cmd: ${commandText(node, before)}` : null;
}

/** As a list in one line: v0.6 takes a text for one argument, variables and all; v0.7 splits it and has none. */
function commandText({ value }: YamlText, { spec, cmd }: Kraftfile): string {
  return writeList(spec === 'v0.6' ? [value] : (cmd?.argv ?? []));
}

/** Every value written again, with what anchors and merge keys add; all comments go to the top. */
function newLines({ text, comments }: YamlSource, root: YamlMap, before: Kraftfile): KraftfileView {
  const sections = [...root.entries.values()].map((entry): Section => {
    const { key, node } = entry;
    const isList = key === 'cmd' && node.kind === 'list' && node.items.every(isText);
    const value = isList ? writeList(node.items.map((item) => item.value)) : blockOf(node);
    const rewrittenLine = rewritten(entry, before);
    return {
      key,
      above: [],
      lines: rewrittenLine === null ? writePair({ key: writeText(key, ''), value }) : [rewrittenLine],
    };
  });
  const head = comments.map(({ start, end }) => text.slice(start, end).trimEnd());
  return { ...viewOf(sections, { foot: [], spec: before.spec }), head };
}

type YamlText = Extract<YamlNode, { kind: 'scalar' }> & { readonly value: string };

function isText(node: YamlNode): node is YamlText {
  return node.kind === 'scalar' && typeof node.value === 'string';
}

function isSpec(key: string): boolean {
  return key === 'spec' || key === 'specification';
}

function blockOf(node: YamlNode): BlockValue {
  if (node.kind === 'scalar') return scalarOf(node);
  if (node.kind === 'map' && node.entries.size > 0) {
    return [...node.entries.values()].map(({ key, node: value }) => ({
      key: writeText(key, ''),
      value: blockOf(value),
    }));
  }
  // JSON is YAML: whatever is in a list stands in one line
  const list = node.kind === 'list' ? node.items : [];
  if (list.length > 0 && list.every((item) => item.kind === 'scalar')) return list.map(scalarOf);
  return JSON.stringify(plainValue(node));
}

function scalarOf(node: YamlNode): string {
  if (node.kind !== 'scalar') throw new RangeError(`no scalar: a ${node.kind}`);
  return isText(node) ? writeText(node.value, '') : node.source;
}

type Section = { readonly key: string; readonly above: readonly string[]; readonly lines: readonly string[] };

/** Keys that are none of a Kraftfile's go first, since what others refer to may be in them. */
function viewOf(
  sections: readonly Section[],
  { foot, spec: version }: { readonly foot: readonly string[]; readonly spec: KraftfileSpec },
): KraftfileView {
  const linesOf = ({ above, lines }: Section) => [...above, ...lines];
  const named = (key: string) => sections.filter((section) => section.key === key).flatMap(linesOf);
  const isKnown = (key: string): key is ViewKey => (VIEW_KEYS as readonly string[]).includes(key);
  const spec = [...named('spec'), ...named('specification')];
  const others = sections.filter(({ key }) => !isSpec(key) && !isKnown(key));
  const extensions = others.flatMap((section, at) => [...(at === 0 ? [] : ['']), ...linesOf(section)]);
  const keys = Object.fromEntries(VIEW_KEYS.map((key) => [key, named(key)])) as Record<ViewKey, string[]>;
  return { head: [], spec: spec.length === 0 ? [`spec: ${version}`] : spec, extensions, foot, ...keys };
}

/** Whether a text holds every value of a Kraftfile, order and the forms of `spec` and `cmd` aside. */
function saysTheSame(source: SourceFile, before: Kraftfile, root: YamlMap): boolean {
  const parsed = parseYaml(source, { version: '1.1' });
  if (parsed.diagnostics.length > 0 || parsed.root?.kind !== 'map') return false;
  const after = readKraftfile(source);
  const valuesOf = (map: YamlMap) =>
    [...map.entries.values()]
      .filter(({ key }) => !isSpec(key) && key !== 'cmd')
      .map(({ key, node }) => JSON.stringify([key, plainValue(node)]))
      .sort();
  return (
    after.spec === before.spec &&
    JSON.stringify(after.cmd?.argv) === JSON.stringify(before.cmd?.argv) &&
    JSON.stringify(valuesOf(parsed.root)) === JSON.stringify(valuesOf(root))
  );
}
