/** A part of a Python text: what a test file is read by. */
export type PythonToken =
  | { readonly kind: 'name' | 'number' | 'mark'; readonly text: string }
  | {
      readonly kind: 'text';
      /** Between the quotes, escapes replaced; of a formatted text with its `{parts}`. */
      readonly text: string;
      readonly isFormatted: boolean;
    };

/** The tokens of a statement: a line with those that brackets or a backslash join to it. */
export type PythonLine = readonly PythonToken[];

/** What begins a text: its prefix and its quotes (Python's lexical analysis, section 2.4.1). */
const OPENING = /([a-zA-Z]{0,2})("""|'''|"|')/y;
const WORD = /[\p{L}_][\p{L}\p{N}_]*/uy;
const NUMBER = /\d[\w.]*/y;
const MARK = /==|!=|<=|>=|->|:=|\*\*|\/\/|\+=|\.\.\.|[^\s\w]/y;
const BLANKS = /(?:[ \t\f\r]|\\\r?\n)+|#[^\n]*/y;

/** The statements of a Python text in time linear in it. What is no Python gives tokens all the same. */
export function pythonLines(source: string): PythonLine[] {
  const lines: PythonToken[][] = [];
  let line: PythonToken[] = [];
  let depth = 0;
  for (let at = 0; at < source.length; ) {
    if (source[at] === '\n') {
      at += 1;
      if (depth > 0) continue;
      if (line.length > 0) lines.push(line);
      line = [];
      continue;
    }
    const { token, end } = tokenAt(source, at);
    at = end;
    if (token === null) continue;
    if (token.kind === 'mark' && '([{'.includes(token.text)) depth += 1;
    if (token.kind === 'mark' && ')]}'.includes(token.text)) depth = Math.max(0, depth - 1);
    line.push(token);
  }
  if (line.length > 0) lines.push(line);
  return lines;
}

function tokenAt(source: string, at: number): { token: PythonToken | null; end: number } {
  const match = (pattern: RegExp) => {
    pattern.lastIndex = at;
    return pattern.exec(source);
  };
  const blanks = match(BLANKS);
  if (blanks !== null) return { token: null, end: at + blanks[0].length };
  const opening = match(OPENING);
  if (opening !== null) {
    const [whole, prefix = '', quotes = ''] = opening;
    return textAt(source, at + whole.length, { prefix: prefix.toLowerCase(), quotes });
  }
  for (const [kind, pattern] of [
    ['name', WORD],
    ['number', NUMBER],
    ['mark', MARK],
  ] as const) {
    const found = match(pattern);
    if (found !== null) return { token: { kind, text: found[0] }, end: at + found[0].length };
  }
  return { token: null, end: at + 1 };
}

function textAt(
  source: string,
  start: number,
  { prefix, quotes }: { prefix: string; quotes: string },
): { token: PythonToken; end: number } {
  let at = start;
  while (at < source.length && !source.startsWith(quotes, at)) {
    if (quotes.length === 1 && source[at] === '\n') break;
    at += source[at] === '\\' ? 2 : 1;
  }
  const inside = source.slice(start, at);
  const text = prefix.includes('r') ? inside : unescaped(inside);
  const end = Math.min(source.length, source.startsWith(quotes, at) ? at + quotes.length : at);
  return { token: { kind: 'text', text, isFormatted: prefix.includes('f') }, end };
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '\n': '', '0': '\0' };

function unescaped(text: string): string {
  return text.replace(/\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|(.))/gsu, (_, hex, point, letter) => {
    const code = hex ?? point;
    return code === undefined ? (ESCAPES[letter] ?? letter) : String.fromCharCode(Number.parseInt(code, 16));
  });
}
