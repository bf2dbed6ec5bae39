import { visible } from './visible.ts';

/** What of a text Markdown of GitHub shows before it is cut. */
const MAX_LENGTH = 300;

/**
 * A foreign text as inline code, where GitHub makes nothing of it: no link, image, mention, reference, HTML or
 * emphasis. Entities and backslashes are no border, since GitHub finds mentions and references in what it has
 * rendered.
 */
export function inlineCode(text: string): string {
  const line = shorten(visible(text).replace(/\s+/g, ' ').trim());
  if (line === '') return '` `';
  const longest = Math.max(0, ...(line.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = '`'.repeat(longest + 1);
  const pad = line.startsWith('`') || line.endsWith('`') ? ' ' : '';
  return `${fence}${pad}${line}${pad}${fence}`;
}

/** The same in a cell of a table, where a bar ends the cell even within code (GFM, section 4.10). */
export function codeCell(text: string): string {
  return inlineCode(text).replaceAll('|', '\\|');
}

/** A foreign text as prose where it is plain words, else as inline code. */
export function phrase(text: string): string {
  return isPlainWords(text) ? text : inlineCode(text);
}

/**
 * Whether a text means to GitHub what its words mean to a reader, in Markdown and in a commit's message: letters,
 * digits and a few marks; no mention, no `#1` or `GH-1`, no address, no commit's hash, nothing that is markup.
 */
export function isPlainWords(text: string): boolean {
  if (!/^[\p{L}\p{N}](?:[\p{L}\p{N}\p{M} .,()/+-]*[\p{L}\p{N}\p{M}.)+])?$/u.test(text)) return false;
  if (visible(text) !== text) return false;
  return !/GH-\d|www\.|\b[0-9a-f]{7,40}\b/i.test(text) && !/^\d+[.)]/.test(text);
}

/**
 * Foreign lines as a fenced block that nothing in them ends. Their lines are made visible one by one.
 */
export function fencedBlock(lines: readonly string[], language: string): string {
  const shown = lines.map((line) => line.split('\t').map(visible).join('\t'));
  const longest = Math.max(2, ...shown.flatMap((line) => (line.match(/`+/g) ?? []).map((run) => run.length)));
  const fence = '`'.repeat(longest + 1);
  return [`${fence}${language}`, ...shown, fence].join('\n');
}

function shorten(line: string): string {
  const characters = [...line];
  return characters.length <= MAX_LENGTH ? line : `${characters.slice(0, MAX_LENGTH - 1).join('')}…`;
}
