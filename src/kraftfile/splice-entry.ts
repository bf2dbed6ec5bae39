import type { TextRange } from '../shared/diagnostic.ts';
import type { YamlEntry, YamlMap } from '../shared/yaml-node.ts';

/** The order of the catalog's Kraftfiles: a missing key is inserted after the nearest before it. */
export const KEY_ORDER: readonly string[] = [
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
];

/** A part of the text, and what comes in its place. */
export type Splice = { readonly range: TextRange; readonly replacement: string };

/** Puts in the replacements, which do not overlap. */
export function applySplices(text: string, splices: readonly Splice[]): string {
  let result = text;
  for (const { range, replacement } of [...splices].sort((a, b) => b.range.start - a.range.start)) {
    result = result.slice(0, range.start) + replacement + result.slice(range.end);
  }
  return result;
}

export type SpliceTarget = { readonly text: string; readonly comments: readonly TextRange[] };

/**
 * Replaces the value of a key. An anchor stays, a tag goes. Of the comments within the old value, one on the key's
 * own line stays there, the others move above the key, where a comment on a one-line value belongs.
 */
export function replaceValue(target: SpliceTarget, entry: YamlEntry, value: string): Splice[] {
  const { text } = target;
  const anchored = entry.anchor === null ? value : `&${entry.anchor} ${value}`;
  if (entry.colonEnd === null) return [insertAt(entry.keyRange.end, `: ${anchored}`)];
  const start = entry.colonEnd;
  const { end } = entry.valueRange;
  const before = text.slice(start, entry.valueRange.start);
  const isSameLine = end > entry.valueRange.start && !before.includes('\n');
  const inside = target.comments.filter((comment) => comment.start >= start && comment.end <= end);
  const isBeside = (comment: TextRange) => !text.slice(start, comment.start).includes('\n');
  const beside = inside.filter(isBeside).map((comment) => ` ${text.slice(comment.start, comment.end)}`);
  const replacement = `${isSameLine ? before : ' '}${anchored}${beside.join('')}`;
  const moved = inside.filter((comment) => !isBeside(comment));
  return [...hoist(target, entry, moved), { range: { start, end }, replacement }];
}

function hoist({ text }: SpliceTarget, entry: YamlEntry, comments: readonly TextRange[]): Splice[] {
  if (comments.length === 0) return [];
  const start = lineStartAt(text, entry.keyRange.start);
  const indent = /^[ \t]*/.exec(text.slice(start))?.[0] ?? '';
  const lines = comments.map(
    (comment) => `${indent}${text.slice(comment.start, comment.end).trimEnd()}${lineEndOf(text)}`,
  );
  return [insertAt(start, lines.join(''))];
}

/** Inserts a key that is not there, in the catalog's order, with a blank line around it where the file has them. */
export function insertKey(target: SpliceTarget, map: YamlMap, key: string, value: string): Splice {
  const { text } = target;
  const direct = [...map.entries.values()].filter((entry) => !entry.merged);
  const rank = KEY_ORDER.indexOf(key);
  const before = direct
    .filter((entry) => KEY_ORDER.includes(entry.key) && KEY_ORDER.indexOf(entry.key) < rank)
    .sort((a, b) => KEY_ORDER.indexOf(b.key) - KEY_ORDER.indexOf(a.key))[0];
  const line = `${key}: ${value}`;
  if (map.flow) {
    if (before !== undefined) return insertAt(before.valueRange.end, `, ${line}`);
    return insertAt(map.range.start + 1, direct.length === 0 ? line : `${line}, `);
  }
  const newLine = lineEndOf(text);
  const gap = hasBlankLines(text, direct) ? newLine + newLine : newLine;
  const start = lineStartAt(text, direct[0]?.keyRange.start ?? 0);
  const indent = /^ */.exec(text.slice(start))?.[0] ?? '';
  if (before === undefined) return insertAt(start, `${indent}${line}${gap}`);
  const at = endOfEntry(text, before, indent.length);
  const isTight = /^\r?\n[^\r\n]/.test(text.slice(at));
  return insertAt(at, `${gap}${indent}${line}${isTight && gap !== newLine ? newLine : ''}`);
}

/** The end of the last line that belongs to an entry, comments that are indented below it included. */
function endOfEntry(text: string, entry: YamlEntry, indent: number): number {
  let at = endOfLine(text, entry.valueRange.end);
  for (;;) {
    const next = /^\r?\n([ \t]+)#/.exec(text.slice(at));
    if ((next?.[1]?.length ?? 0) <= indent) return at;
    at = endOfLine(text, at + (next?.[0].length ?? 0));
  }
}

/** Whether blank lines separate most keys; with too few keys, as the catalog does it. */
function hasBlankLines(text: string, entries: readonly YamlEntry[]): boolean {
  const gaps = entries.slice(1).map((entry, index) => {
    return /\n[ \t]*\r?\n/.test(text.slice(entries[index]?.valueRange.end, entry.keyRange.start));
  });
  return gaps.filter(Boolean).length * 2 >= gaps.length;
}

function insertAt(at: number, replacement: string): Splice {
  return { range: { start: at, end: at }, replacement };
}

/** The offset of the line end (CR LF or LF) after an offset, or of the text's end. */
function endOfLine(text: string, offset: number): number {
  const newLine = text.indexOf('\n', offset);
  if (newLine === -1) return text.length;
  return text[newLine - 1] === '\r' && newLine > offset ? newLine - 1 : newLine;
}

/** The first offset of a line; a byte order mark is no part of it. */
function lineStartAt(text: string, offset: number): number {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  return start === 0 && text.startsWith('\ufeff') ? 1 : start;
}

/** The line end that the text uses, by its first line. */
function lineEndOf(text: string): string {
  return /^[^\n]*\r\n/.test(text) ? '\r\n' : '\n';
}
