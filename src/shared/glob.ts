import { append } from './append.ts';
import { readBrackets } from './brackets.ts';
import {
  anyCharacter,
  character,
  compilePattern,
  either,
  many,
  nameCharacter,
  type PatternPart,
  single,
} from './pattern.ts';

/**
 * Whether a path matches a glob: `*` and `?` stay within a name, `**` spans directories, `[a-z]` and `{a,b}` are
 * as in a shell, and names that begin with a dot need no dot in the glob. Both are taken as written, with `/`
 * between names on every host; a `./` before the glob means nothing.
 */
export function matches(glob: string, path: string): boolean {
  return glob === path || matcherOf(glob)(path);
}

const matchers = new Map<string, (path: string) => boolean>();
const MAX_MATCHERS = 1000;

function matcherOf(glob: string): (path: string) => boolean {
  const known = matchers.get(glob);
  if (known !== undefined) return known;
  const pattern = compilePattern(readGlob(glob));
  if (matchers.size >= MAX_MATCHERS) matchers.clear();
  matchers.set(glob, pattern.matches);
  return pattern.matches;
}

type Reader = {
  readonly characters: readonly string[];
  /** Of each `{` that is closed and has a comma or a range: where it closes. */
  readonly closings: ReadonlyMap<number, number>;
  at: number;
};

function readGlob(glob: string): PatternPart[] {
  const characters = [...glob.replace(/^(?:\.\/)(?=.)/s, '')];
  const reader = { characters, closings: closingsOf(characters), at: 0 };
  return readParts(reader, characters.length);
}

/** Reads up to `end`. Braces within braces call it again, as deep as MAX_BRACES allows. */
function readParts(reader: Reader, end: number): PatternPart[] {
  const parts: PatternPart[] = [];
  const { characters, closings } = reader;
  while (reader.at < end) {
    const { at } = reader;
    const given = characters[at] as string;
    const closing = closings.get(at);
    if (given === '*') append(parts, readStars(reader));
    else if (given === '\\' && at + 1 < characters.length) {
      parts.push(character(characters[at + 1] as string));
      reader.at += 2;
    } else if (closing !== undefined) {
      parts.push(readBraces(reader, closing));
    } else {
      const set = given === '[' ? readBrackets(characters, at, { negations: '!^', closesLate: true }) : null;
      if (set !== null) parts.push(single((each) => each !== '/' && set.accepts(each)));
      else parts.push(given === '?' ? single(nameCharacter) : character(given));
      reader.at = set?.next ?? at + 1;
    }
  }
  return parts;
}

const BEFORE_NAME: readonly (string | undefined)[] = [undefined, '/', '{', ','];
const AFTER_NAME: readonly (string | undefined)[] = [undefined, '/', '}', ','];

/** A whole name `**` is any number of directories, a whole name `*` is a name of one character at least. */
function readStars(reader: Reader): PatternPart[] {
  const { characters, at: start } = reader;
  while (characters[reader.at] === '*') reader.at += 1;
  const isName = BEFORE_NAME.includes(characters[start - 1]) && AFTER_NAME.includes(characters[reader.at]);
  if (!isName) return [many(nameCharacter)];
  if (reader.at - start !== 2) return [single(nameCharacter), many(nameCharacter)];
  if (characters[reader.at] !== '/') return [many(anyCharacter)];
  reader.at += 1;
  return [either([], [many(anyCharacter), character('/')])];
}

const MAX_BRACES = 100;
const MAX_RANGE = 1000;

function readBraces(reader: Reader, closing: number): PatternPart {
  const { characters } = reader;
  const range = rangeOf(characters.slice(reader.at + 1, Math.min(closing, reader.at + 30)).join(''));
  if (range !== null && closing < reader.at + 30) {
    reader.at = closing + 1;
    return either(...range.map((word) => [...word].map(character)));
  }
  const ways: PatternPart[][] = [];
  reader.at += 1;
  while (reader.at <= closing) {
    ways.push(readParts(reader, endOfWay(reader, closing)));
    reader.at += 1;
  }
  return either(...ways);
}

/** Where the alternative that begins here ends: at a comma that is in no inner braces, or at the closing brace. */
function endOfWay({ characters, closings, at }: Reader, closing: number): number {
  for (let end = at; end < closing; end += 1) {
    if (characters[end] === '\\') end += 1;
    else if (characters[end] === ',') return end;
    else end = closings.get(end) ?? end;
  }
  return closing;
}

/** `1..3` and `a..c`, as bash expands them; null for all else, and for more words than anybody means. */
function rangeOf(text: string): string[] | null {
  const [, low, high] =
    /^(-?\d{1,9})\.\.(-?\d{1,9})$/.exec(text) ?? /^([a-zA-Z])\.\.([a-zA-Z])$/.exec(text) ?? [];
  if (low === undefined || high === undefined) return null;
  const isNumber = /\d/.test(low);
  const [from, to] = isNumber ? [Number(low), Number(high)] : [low.charCodeAt(0), high.charCodeAt(0)];
  const [least, length] = [Math.min(from, to), Math.abs(to - from) + 1];
  if (length > MAX_RANGE) return null;
  return Array.from({ length }, (_, at) => (isNumber ? String(least + at) : String.fromCharCode(least + at)));
}

/** Braces that nest deeper than MAX_BRACES stand for themselves, as those that are not closed or hold no comma. */
function closingsOf(characters: readonly string[]): Map<number, number> {
  const closings = new Map<number, number>();
  const open: { at: number; isChoice: boolean }[] = [];
  for (let at = 0; at < characters.length; at += 1) {
    const given = characters[at];
    const innermost = open.at(-1);
    if (given === '\\') at += 1;
    else if (given === '{') open.push({ at, isChoice: false });
    else if (given === ',' && innermost !== undefined) innermost.isChoice = true;
    else if (given === '.' && characters[at + 1] === '.' && innermost !== undefined) {
      innermost.isChoice ||=
        rangeOf(
          characters
            .slice(innermost.at + 1, innermost.at + 24)
            .join('')
            .split('}')[0] ?? '',
        ) !== null;
    } else if (given === '}' && innermost !== undefined) {
      open.pop();
      if (innermost.isChoice && open.length < MAX_BRACES) closings.set(innermost.at, at);
    }
  }
  return closings;
}
