import type { Splice } from '../kraftfile/splice-entry.ts';
import type { YamlEntry, YamlMap } from '../shared/yaml-node.ts';

/** The offset of the line end (CR LF or LF) after an offset, or of the text's end. */
function endOfLine(text: string, offset: number): number {
  const at = text.indexOf('\n', offset);
  if (at === -1) return text.length;
  return text[at - 1] === '\r' && at > offset ? at - 1 : at;
}

/** The line end that the text uses, by its first line. */
function lineEndOf(text: string): string {
  return /^[^\n]*\r\n/.test(text) ? '\r\n' : '\n';
}

function indentAt(text: string, offset: number): string {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  return /^ */.exec(text.slice(start))?.[0] ?? '';
}

export function insertAt(at: number, replacement: string): Splice {
  return { range: { start: at, end: at }, replacement };
}

/** Adds a pair at the end of a map that is not empty. */
export function addPair(text: string, map: YamlMap, pair: string): Splice[] {
  const last = [...map.entries.values()].filter(({ merged }) => !merged).at(-1);
  if (last === undefined) return [];
  if (map.flow) return [insertAt(last.valueRange.end, `, ${pair}`)];
  const indent = indentAt(text, last.keyRange.start);
  return [insertAt(endOfLine(text, last.valueRange.end), `${lineEndOf(text)}${indent}${pair}`)];
}

/**
 * Makes `key: VALUE` a map with the value under another key and pairs after it. A comment beside the value stays
 * there.
 */
export function wrapValue(
  text: string,
  entry: YamlEntry,
  wrap: { readonly key: string; readonly pairs: readonly string[]; readonly flow: boolean },
): Splice[] {
  const { valueRange, colonEnd, keyRange } = entry;
  const { key, pairs } = wrap;
  const start = colonEnd ?? keyRange.end;
  if (wrap.flow) {
    const head = { range: { start, end: valueRange.start }, replacement: ` {${key}: ` };
    return [head, insertAt(valueRange.end, `${pairs.map((pair) => `, ${pair}`).join('')}}`)];
  }
  const newLine = lineEndOf(text);
  const indent = `${newLine}${indentAt(text, keyRange.start)}  `;
  const head = { range: { start, end: valueRange.start }, replacement: `${indent}${key}: ` };
  if (pairs.length === 0) return [head];
  return [head, insertAt(endOfLine(text, valueRange.end), pairs.map((pair) => indent + pair).join(''))];
}
