/** A text of a source file that people read, and the line where it begins. */
export type SourceText = { readonly line: number; readonly text: string };

/** What a TypeScript file holds for readers: its comments, its strings of several words, its names. */
export type SourceTexts = {
  /** Comments of adjoining lines are one text, without their marks. */
  readonly comments: readonly SourceText[];
  /** Strings and templates with a space; an expression in a template reads as `X`. */
  readonly strings: readonly SourceText[];
  /** Identifiers, each time that one stands there. */
  readonly names: readonly SourceText[];
};

/** A token of TypeScript that matters here; a division and a regular expression differ by what stands before them. */
const TOKEN =
  /\/\/[^\n]*|\/\*[\s\S]*?\*\/|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|[A-Za-z_$][\w$]*|\d[\w.]*|\s+|[\s\S]/y;
const REGULAR_EXPRESSION = /\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+\/[a-z]*/y;
const BEFORE_EXPRESSION = /^(?:[(,=:[!&|?{};+\-*%<>~^]|return|typeof|case|in|of|yield|await|=>)?$/;

/** Reads the texts of a TypeScript file. */
export function sourceTexts(source: string): SourceTexts {
  const comments: SourceText[] = [];
  const strings: SourceText[] = [];
  const names: SourceText[] = [];
  const lineOf = lineCounter(source);
  let before = '';

  /** Reads code from a place to the end, or to the brace that closes an expression of a template. */
  const readCode = (from: number, inTemplate: boolean): number => {
    let at = from;
    let depth = 0;
    while (at < source.length) {
      if (source[at] === '`') {
        at = readTemplate(at);
        before = '`';
        continue;
      }
      const token = match(isExpressionNext(source[at], before) ? REGULAR_EXPRESSION : TOKEN, source, at);
      const text = token ?? match(TOKEN, source, at) ?? source.charAt(at);
      if (text === '{') depth++;
      if (text === '}' && inTemplate && depth-- === 0) return at + 1;
      if (text === '}' && !inTemplate) depth--;
      take(text, at);
      at += text.length;
    }
    return at;
  };

  const readTemplate = (from: number): number => {
    let at = from + 1;
    let text = '';
    while (at < source.length && source[at] !== '`') {
      if (source.startsWith('${', at)) {
        at = readCode(at + 2, true);
        text += 'X';
      } else {
        const length = source[at] === '\\' ? 2 : 1;
        text += source.slice(at, at + length);
        at += length;
      }
    }
    keepString(text, from);
    return at + 1;
  };

  const keepString = (text: string, at: number): void => {
    const read = text.replaceAll(/\\[nrt]/g, ' ').replaceAll('\\', '');
    if (/\S\s+\S/.test(read)) strings.push({ line: lineOf(at), text: read });
  };

  const take = (text: string, at: number): void => {
    if (/^\s/.test(text)) return;
    if (/^\/[*/]/.test(text)) return void comments.push({ line: lineOf(at), text: withoutMarks(text) });
    if (/^['"]./.test(text)) keepString(text.slice(1, -1), at);
    if (/^[A-Za-z_$]/.test(text)) names.push({ line: lineOf(at), text });
    before = text;
  };

  readCode(0, false);
  return { comments: joinAdjoining(comments, source), strings, names };
}

function isExpressionNext(character: string | undefined, before: string): boolean {
  return character === '/' && BEFORE_EXPRESSION.test(before);
}

function match(pattern: RegExp, source: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(source)?.[0];
}

function withoutMarks(comment: string): string {
  return comment
    .replace(/^\/\*+|\*+\/$/g, '')
    .replaceAll(/^\s*(\/\/|\*)?\s?/gm, '')
    .trim();
}

/** Line comments of adjoining lines make one text. */
function joinAdjoining(comments: readonly SourceText[], source: string): SourceText[] {
  const lines = source.split('\n');
  const joined: (SourceText & { readonly end: number })[] = [];
  for (const { line, text } of comments) {
    const last = joined.at(-1);
    const adjoins = last?.end === line - 1 && /^\s*\/\//.test(lines[line - 1] ?? '');
    const end = line + text.split('\n').length - 1;
    if (last !== undefined && adjoins) joined.splice(-1, 1, { ...last, text: `${last.text} ${text}`, end });
    else joined.push({ line, text, end });
  }
  return joined.map(({ line, text }) => ({ line, text }));
}

/** Gives the line of a place; places are asked in rising order, but for a template's beginning. */
function lineCounter(source: string): (at: number) => number {
  const starts = [0];
  for (let at = source.indexOf('\n'); at !== -1; at = source.indexOf('\n', at + 1)) starts.push(at + 1);
  return (at) => {
    let low = 0;
    let high = starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) <= at) low = middle;
      else high = middle;
    }
    return low + 1;
  };
}
