import type { TextRange } from '../shared/diagnostic.ts';
import type { Word } from './model.ts';
import type { Span } from './split-words.ts';

/** A line of the source; `end` is before its line break, `next` behind it. */
export type PhysicalLine = { readonly start: number; readonly end: number; readonly next: number };

/** Lines end in LF or CRLF; a byte order mark belongs to no line. */
export function physicalLines(text: string): PhysicalLine[] {
  const lines: PhysicalLine[] = [];
  let start = text.startsWith('\ufeff') ? 1 : 0;
  while (start < text.length) {
    const found = text.indexOf('\n', start);
    const next = found < 0 ? text.length : found + 1;
    let end = found < 0 ? text.length : found;
    while (end > start && text[end - 1] === '\r') end -= 1;
    lines.push({ start, end, next });
    start = next;
  }
  return lines;
}

/** A piece of a logical line: `length` characters at `source` of the text, which stand at `at` in the line. */
type Piece = { readonly at: number; readonly source: number };

/** An instruction with its continuation lines joined, comments and empty lines between them left out. */
export type LogicalLine = { readonly text: string; readonly pieces: readonly Piece[] };

export class LogicalLineBuilder {
  #text = '';
  readonly #pieces: Piece[] = [];

  add(source: string, range: TextRange): void {
    this.#pieces.push({ at: this.#text.length, source: range.start });
    this.#text += source.slice(range.start, range.end);
  }

  build(): LogicalLine {
    return { text: this.#text, pieces: this.#pieces };
  }
}

/** The place in the source of the character at an offset of the line. */
export function sourceOffset(line: LogicalLine, offset: number): number {
  let [low, high] = [0, line.pieces.length];
  // the last piece that begins at the offset or before it
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((line.pieces[middle] as Piece).at <= offset) low = middle;
    else high = middle;
  }
  const piece = line.pieces[low];
  return piece === undefined ? 0 : piece.source + offset - piece.at;
}

/** The place in the source of a part of the line. */
export function sourceRange(line: LogicalLine, span: { start: number; end: number }): TextRange {
  const start = sourceOffset(line, span.start);
  return { start, end: span.end > span.start ? sourceOffset(line, span.end - 1) + 1 : start };
}

export function wordAt(line: LogicalLine, span: Span): Word {
  return { text: span.text, range: sourceRange(line, span) };
}
