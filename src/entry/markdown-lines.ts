/** A line of a Markdown text, and what it is to fenced code blocks. */
export type MarkdownLine = {
  /**
   * `open` begins a code block, `close` ends it, and `code` is between them; any other line is `text`. A `text` after
   * `code` ends the block as well: with the list item that holds it.
   */
  readonly kind: 'text' | 'open' | 'code' | 'close';
  /** Without its line end; of `code` without the blanks that its fence has before it. */
  readonly text: string;
  /** Of `open` the first word after the fence, in lower case; else empty. */
  readonly language: string;
  /** Where the line stands in the text, without its line end. */
  readonly start: number;
  readonly end: number;
  /** Where the next line begins. */
  readonly next: number;
};

type Fence = { readonly marks: string; readonly indent: number; readonly item: number };

/** How far in a line may be and still be no indented code, CommonMark section 4.4. In columns. */
const MAX_INDENT = 3;

/**
 * The lines of a Markdown text with its fenced code blocks, CommonMark section 4.5, also those in list items, whose
 * lines are as far in as the text of the item, section 5.2. A block that is never closed lasts to the end. Takes time
 * linear in the text.
 */
export function* markdownLines(markdown: string): Generator<MarkdownLine> {
  /** The columns at which the texts of the open list items begin, outermost first. */
  const items: number[] = [];
  let fence: Fence | null = null;
  for (let start = 0; start < markdown.length; ) {
    const at = markdown.indexOf('\n', start);
    const next = at === -1 ? markdown.length : at + 1;
    const text = markdown.slice(start, next).replace(/\r?\n$/, '');
    const place = { start, end: start + text.length, next };
    start = next;
    const indent = indentOf(text);
    const isBlank = indent === null;
    if (fence !== null && (isBlank || indent.columns >= fence.item)) {
      if (!isBlank && closes(text.slice(indent.length), indent.columns, fence)) {
        fence = null;
        yield { kind: 'close', text, language: '', ...place };
      } else yield { kind: 'code', text: withoutIndent(text, fence.indent), language: '', ...place };
      continue;
    }
    fence = null;
    const opened = isBlank ? null : openingFence(text, items);
    fence = opened?.fence ?? null;
    yield { kind: opened === null ? 'text' : 'open', text, language: opened?.language ?? '', ...place };
  }
}

/** The fence that a line opens; the list items that it ends and begins are taken from the open ones and put to them. */
function openingFence(text: string, items: number[]): { fence: Fence; language: string } | null {
  const marker = /[ \t]*(?:[-*+]|\d{1,9}[.)])(?=[ \t]|$)/y;
  const blanks = /[ \t]*/y;
  let [at, column] = [0, 0];
  for (let first = true; ; first = false) {
    blanks.lastIndex = at;
    const [before = ''] = blanks.exec(text) ?? [];
    const begins = columnsAfter(column, before);
    if (first) while ((items.at(-1) ?? 0) > begins) items.pop();
    const item = items.at(-1) ?? 0;
    if (begins - item > MAX_INDENT) return null;
    marker.lastIndex = at;
    const found = marker.exec(text);
    if (found === null) {
      const [, marks, info = ''] = /^(`{3,}(?=[^`]*$)|~{3,})(.*)$/.exec(text.slice(at + before.length)) ?? [];
      if (marks === undefined) return null;
      const language = (info.trim().split(/\s+/)[0] ?? '').toLowerCase();
      // a block that could stand outside of lists lasts to its closing fence, however its lines are indented
      return { fence: { marks, indent: begins, item: begins > MAX_INDENT ? item : 0 }, language };
    }
    const [whole] = found;
    at += whole.length;
    column = begins + whole.length - before.length;
    blanks.lastIndex = at;
    const [behind = ''] = blanks.exec(text) ?? [];
    const width = columnsAfter(column, behind) - column;
    // an item that begins with a blank line, or with indented code, has its text one column behind the marker
    const isPlain = at + behind.length < text.length && width <= MAX_INDENT + 1;
    items.push(column + (isPlain ? width : 1));
  }
}

function closes(rest: string, columns: number, { marks, item }: Fence): boolean {
  if (columns - item > MAX_INDENT) return false;
  return /^(`{3,}|~{3,})[ \t]*$/.exec(rest)?.[1]?.startsWith(marks) === true;
}

/** The blanks before a line; null where it has nothing else. */
function indentOf(text: string): { readonly length: number; readonly columns: number } | null {
  const [blanks = ''] = /^[ \t]*/.exec(text) ?? [];
  return blanks.length === text.length ? null : { length: blanks.length, columns: columnsAfter(0, blanks) };
}

/** The column behind blanks that begin at one; a tab leads to the next multiple of four. */
function columnsAfter(column: number, blanks: string): number {
  let at = column;
  for (const blank of blanks) at += blank === '\t' ? 4 - (at % 4) : 1;
  return at;
}

/** A line without its first columns of blanks, at most as many as given. */
function withoutIndent(text: string, columns: number): string {
  let [at, column] = [0, 0];
  while (column < columns && (text[at] === ' ' || text[at] === '\t')) {
    column = columnsAfter(column, text[at] as string);
    at += 1;
  }
  return ' '.repeat(Math.max(0, column - columns)) + text.slice(at);
}
