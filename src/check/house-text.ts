import { isKraftfileName } from '../kraftfile/find-kraftfile.ts';
import type { SourceFile } from '../shared/diagnostic.ts';
import type { TextStyle } from './editor-config.ts';

/** What a text is, as far as this decides which white space has a meaning in it. */
export type TextFormat = 'dockerfile' | 'yaml' | 'markdown' | 'ignore' | 'source';

/** A text file that is written by hand, with what the .editorconfig asks of it. */
export type HouseText = {
  readonly entry: string;
  readonly file: string;
  readonly source: SourceFile | null;
  /** Why it has no text; null where it has. */
  readonly unreadable: string | null;
  readonly format: TextFormat;
  readonly style: TextStyle;
};

/** Source code that people write. All else in an entry is data, whose white space may have any meaning. */
const CODE =
  /\.(?:[ch]|cc|cpp|hpp|go|rs|py|js|ts|mjs|cjs|pl|rb|php|lua|java|zig|asm|mk|sh|toml)$|^(?:Gem|Make)file\b/;

/** Whether the .editorconfig is held against a file of this name. */
export function isHandWritten(name: string): boolean {
  return (
    isKraftfileName(name) || formatOf(name) !== 'source' || (CODE.test(name) && !/\.min\.js$/.test(name))
  );
}

export function formatOf(file: string): TextFormat {
  const name = file.slice(file.lastIndexOf('/') + 1);
  if (/dockerfile/i.test(name) && !name.endsWith('.dockerignore')) return 'dockerfile';
  if (isKraftfileName(name) || /\.ya?ml$/i.test(name)) return name.endsWith('-lock.yaml') ? 'source' : 'yaml';
  if (/\.(?:md|markdown)$/i.test(name)) return 'markdown';
  return /\.?(?:docker|git)ignore$/.test(name) ? 'ignore' : 'source';
}

/** A line of a text; `end` is before its line break, `next` behind it. */
export type TextLine = { readonly start: number; readonly end: number; readonly next: number };

/** The lines of a text, which end in LF or CRLF. */
export function linesOf(text: string): TextLine[] {
  const lines: TextLine[] = [];
  for (let start = 0; start < text.length; ) {
    const found = text.indexOf('\n', start);
    const next = found === -1 ? text.length : found + 1;
    const end = found === -1 ? text.length : text[found - 1] === '\r' && found > start ? found - 1 : found;
    lines.push({ start, end, next });
    start = next;
  }
  return lines;
}

/** The line that an offset lies in. */
export function lineAt(text: string, offset: number): TextLine {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const found = text.indexOf('\n', offset);
  if (found === -1) return { start, end: text.length, next: text.length };
  const end = found > start && text[found - 1] === '\r' ? found - 1 : found;
  return { start, end, next: found + 1 };
}
