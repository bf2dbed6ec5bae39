import { readBrackets } from '../shared/brackets.ts';
import {
  character,
  compilePattern,
  many,
  nameCharacter,
  type PatternPart,
  single,
} from '../shared/pattern.ts';

/**
 * Whether the source of a COPY is a pattern: it holds a `*`, `?` or `[` that is not escaped. BuildKit's
 * containsWildcards.
 */
export function isFilePattern(source: string): boolean {
  return /[*?[]/.test(source.replace(/\\[\s\S]?/g, ''));
}

/**
 * A test for Go's filepath.Match, https://pkg.go.dev/path/filepath#Match: it matches whole paths, `*` and `?` stop
 * at slashes, `**` is nothing special. A malformed pattern matches nothing.
 */
export function filePattern(pattern: string): (path: string) => boolean {
  const parts = readFilePattern([...pattern]);
  return parts === null ? () => false : compilePattern(parts).matches;
}

function readFilePattern(characters: readonly string[]): PatternPart[] | null {
  const parts: PatternPart[] = [];
  for (let at = 0; at < characters.length; at += 1) {
    const given = characters[at] as string;
    if (given === '*') parts.push(many(nameCharacter));
    else if (given === '?') parts.push(single(nameCharacter));
    else if (given === '[') {
      const set = readBrackets(characters, at, { negations: '^', closesLate: false });
      if (set === null) return null;
      parts.push(single(set.accepts));
      at = set.next - 1;
    } else if (given === '\\') {
      at += 1;
      if (at === characters.length) return null;
      parts.push(character(characters[at] as string));
    } else parts.push(character(given));
  }
  return parts;
}
