import { assertWithin, LIMITS } from '../shared/limits.ts';
import { removePrefix, removeSuffix, replacePattern } from './shell-pattern.ts';

export type ExpandOptions = {
  /** The value of a variable; undefined where it is not set. */
  readonly valueOf: (name: string) => string | undefined;
  readonly escapeToken: string;
  /** Whether quotes are removed, as in words; false for the text of a heredoc. Default true. */
  readonly quotes?: boolean;
};

/** Deeper nesting of `${A:-${B:-c}}` is refused. */
const MAX_DEPTH = 50;

/** A word that cannot be expanded: a missing quote or brace, an unknown modifier, `${X:?message}`. */
export class ExpansionError extends Error {
  override readonly name = 'ExpansionError';
}

/**
 * Expands variables and removes quotes and escapes as BuildKit's frontend/dockerfile/shell does: `$X`, `${X}`,
 * `${X:-d}`, `${X-d}`, `${X:+a}`, `${X:?m}`, `${X#p}`, `${X%p}`, `${X/p/r}`. It gives one word: a value is not split.
 * @throws ExpansionError
 * @throws UserError `limit-exceeded` where the word becomes too long.
 */
export function expandWord(word: string, options: ExpandOptions): string {
  const cursor = { text: word, at: 0, depth: 0 };
  return expandUntil(cursor, null, options, false);
}

const TOO_LONG = 'cannot expand a word of the Dockerfile: it has more than % characters';

type Cursor = { readonly text: string; at: number; depth: number };

function expandUntil(
  cursor: Cursor,
  stop: string | null,
  options: ExpandOptions,
  keepEscapes: boolean,
): string {
  const { escapeToken, quotes = true } = options;
  let result = '';
  while (cursor.at < cursor.text.length) {
    assertWithin(result.length, LIMITS.expandedCharacters, TOO_LONG);
    const char = cursor.text[cursor.at] as string;
    if (char === stop) {
      cursor.at += 1;
      return result;
    }
    if (char === '$') result += expandDollar(cursor, options);
    else if (quotes && char === "'") result += singleQuoted(cursor);
    else if (quotes && char === '"') result += doubleQuoted(cursor, options);
    else if (char === escapeToken) {
      result += (keepEscapes ? escapeToken : '') + (cursor.text[cursor.at + 1] ?? '');
      cursor.at += 2;
    } else {
      result += char;
      cursor.at += 1;
    }
  }
  if (stop !== null) throw new ExpansionError(`missing '${stop}'`);
  assertWithin(result.length, LIMITS.expandedCharacters, TOO_LONG);
  return result;
}

function singleQuoted(cursor: Cursor): string {
  const end = cursor.text.indexOf("'", cursor.at + 1);
  if (end < 0) throw new ExpansionError('missing closing single quote');
  const inner = cursor.text.slice(cursor.at + 1, end);
  cursor.at = end + 1;
  return inner;
}

function doubleQuoted(cursor: Cursor, options: ExpandOptions): string {
  const { escapeToken } = options;
  let result = '';
  cursor.at += 1;
  while (cursor.at < cursor.text.length) {
    assertWithin(result.length, LIMITS.expandedCharacters, TOO_LONG);
    const char = cursor.text[cursor.at] as string;
    const next = cursor.text[cursor.at + 1];
    if (char === '"') {
      cursor.at += 1;
      return result;
    }
    if (char === '$') {
      result += expandDollar(cursor, options);
    } else if (char === escapeToken && (next === '"' || next === '$' || next === escapeToken)) {
      result += next;
      cursor.at += 2;
    } else {
      result += char;
      cursor.at += 1;
    }
  }
  throw new ExpansionError('missing closing double quote');
}

function expandDollar(cursor: Cursor, options: ExpandOptions): string {
  cursor.depth += 1;
  if (cursor.depth > MAX_DEPTH) throw new ExpansionError('substitutions are nested too deep');
  const expanded = substitution(cursor, options);
  cursor.depth -= 1;
  return expanded;
}

function substitution(cursor: Cursor, options: ExpandOptions): string {
  cursor.at += 1;
  if (cursor.text[cursor.at] !== '{') {
    const name = readName(cursor);
    return name === '' ? '$' : (options.valueOf(name) ?? '');
  }
  cursor.at += 1;
  if (/^[{}:]/.test(cursor.text.slice(cursor.at))) throw new ExpansionError('bad substitution');
  const name = readName(cursor);
  let modifier = cursor.text[cursor.at];
  cursor.at += 1;
  if (modifier === undefined) throw new ExpansionError("missing '}'");
  const value = options.valueOf(name);
  if (modifier === '}') return value ?? '';
  if (modifier === '/') return expandReplacement(cursor, value ?? '', options);
  const emptyIsUnset = modifier === ':';
  if (emptyIsUnset) modifier = cursor.text[cursor.at++] ?? '';
  const word = expandUntil(cursor, '}', options, modifier === '#' || modifier === '%');
  return applyModifier({ name, value, modifier, word, isSet: emptyIsUnset ? !!value : value !== undefined });
}

type Substitution = {
  readonly name: string;
  readonly value: string | undefined;
  readonly modifier: string;
  readonly word: string;
  readonly isSet: boolean;
};

function applyModifier({ name, value = '', modifier, word, isSet }: Substitution): string {
  switch (modifier) {
    case '-':
      return isSet ? value : word;
    case '+':
      return isSet ? word : '';
    case '?':
      if (!isSet) throw new ExpansionError(`${name}: ${word || 'is not allowed to be unset or empty'}`);
      return value;
    case '#':
      return removePrefix(value, word);
    case '%':
      return removeSuffix(value, word);
    default:
      throw new ExpansionError(`unsupported modifier '${modifier}' in a substitution`);
  }
}

function expandReplacement(cursor: Cursor, value: string, options: ExpandOptions): string {
  const all = cursor.text[cursor.at] === '/';
  if (all) cursor.at += 1;
  const pattern = expandUntil(cursor, '/', options, true);
  const replacement = expandUntil(cursor, '}', options, true);
  return replacePattern(value, pattern, replacement, all);
}

/** Letters, digits and `_`; digits alone where it begins with one; or one of the shell's special parameters. */
function readName(cursor: Cursor): string {
  const rest = cursor.text.slice(cursor.at);
  const name = /^(?:\d+|[@*#?\-$!]|[\p{L}_][\p{L}\p{Nd}_]*)/u.exec(rest)?.[0] ?? '';
  cursor.at += name.length;
  return name;
}
