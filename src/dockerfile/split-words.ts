/** A part of a logical line; `start` and `end` are offsets in it. */
export type Span = { readonly text: string; readonly start: number; readonly end: number };

/**
 * Words between blanks; quotes mean nothing here. BuildKit's parseStringsWhitespaceDelimited: FROM, COPY, ADD,
 * EXPOSE.
 */
export function splitAtBlanks(line: string, from: number): Span[] {
  const pattern = /[^\t\v\f\r ]+/g;
  pattern.lastIndex = from;
  return [...matchesOf(pattern, line)];
}

/** The strings of a JSON array, decoded; the text from `from` on must be a valid array of strings. */
export function splitJson(line: string, from: number): Span[] {
  const pattern = /"(?:[^"\\]|\\.)*"/g;
  pattern.lastIndex = from;
  return [...matchesOf(pattern, line)].map((span) => ({ ...span, text: JSON.parse(span.text) as string }));
}

function* matchesOf(pattern: RegExp, line: string): Generator<Span> {
  for (let match = pattern.exec(line); match !== null; match = pattern.exec(line)) {
    yield { text: match[0], start: match.index, end: match.index + match[0].length };
  }
}

/**
 * Words between blanks, where quotes and the escape character keep blanks together and stay in the words.
 * BuildKit's parseWords: ENV, LABEL, ARG, and the search for heredocs.
 */
export function splitQuoted(line: string, from: number, escapeToken: string): Span[] {
  const words: Span[] = [];
  let at = from;
  while (at < line.length) {
    if (isBlank(line[at])) {
      at += 1;
      continue;
    }
    const start = at;
    at = endOfWord(line, start, escapeToken);
    const text = line.slice(start, at);
    // an escape character at the very end escapes nothing and is dropped
    words.push({ text: danglingEscape(text, escapeToken) ? text.slice(0, -1) : text, start, end: at });
  }
  return words.filter((word) => word.text !== '');
}

function endOfWord(line: string, start: number, escapeToken: string): number {
  let quote: string | undefined;
  let at = start;
  for (; at < line.length; at += 1) {
    const char = line[at] as string;
    if (char === escapeToken && quote !== "'") at += 1;
    else if (quote !== undefined) quote = char === quote ? undefined : quote;
    else if (char === '"' || char === "'") quote = char;
    else if (isBlank(char)) break;
  }
  return Math.min(at, line.length);
}

function danglingEscape(word: string, escapeToken: string): boolean {
  let count = 0;
  while (count < word.length && word[word.length - 1 - count] === escapeToken) count += 1;
  return count % 2 === 1;
}

export type FlagSpan = Span & { readonly name: string; readonly value: string | null };

/**
 * The `--name=value` words at the front, quotes and escapes removed, and where the rest begins.
 * BuildKit's extractBuilderFlags; a lone `--` ends them.
 */
export function splitFlags(line: string, from: number): { flags: FlagSpan[]; rest: number } {
  const flags: FlagSpan[] = [];
  let at = skipBlanks(line, from);
  while (line.startsWith('--', at)) {
    const start = at;
    at = endOfWord(line, start, '\\');
    const text = line.slice(start, at);
    at = skipBlanks(line, at);
    if (text === '--') break;
    const plain = withoutQuotes(text);
    const equals = plain.indexOf('=');
    flags.push({
      text,
      start,
      end: start + text.length,
      name: plain.slice(2, equals < 0 ? undefined : equals),
      value: equals < 0 ? null : plain.slice(equals + 1),
    });
  }
  return { flags, rest: at };
}

function withoutQuotes(word: string): string {
  return word.replace(/\\(.?)|["']/g, (_, escaped: string | undefined) => escaped ?? '');
}

export function skipBlanks(line: string, from: number): number {
  let at = from;
  while (at < line.length && isBlank(line[at])) at += 1;
  return at;
}

function isBlank(char: string | undefined): boolean {
  return char !== undefined && /\s/.test(char);
}
