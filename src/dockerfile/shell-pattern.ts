import { assertWithin, LIMITS } from '../shared/limits.ts';
import {
  anyCharacter,
  character,
  compilePattern,
  many,
  type PatternPart,
  single,
} from '../shared/pattern.ts';

/**
 * The patterns of `${X#p}`, `${X%p}` and `${X/p/r}`: `*`, `?` and a backslash, no brackets, as in BuildKit's
 * frontend/dockerfile/shell (POSIX.1-2017, Shell Command Language 2.6.2 and 2.13).
 */

/** `${value#pattern}`; a pattern that begins with another `#` takes the longest match. */
export function removePrefix(value: string, pattern: string): string {
  const greedy = pattern.startsWith('#');
  const compiled = compilePattern(readShellPattern(greedy ? pattern.slice(1) : pattern));
  assertShort(value, pattern);
  const found = compiled.find(value, { anchored: true, shortest: !greedy });
  return found === null ? value : value.slice(found.end);
}

/** `${value%pattern}`; a pattern that begins with another `%` takes the longest match. */
export function removeSuffix(value: string, pattern: string): string {
  const greedy = pattern.startsWith('%');
  // from its end on, a suffix is a prefix
  const compiled = compilePattern(readShellPattern(greedy ? pattern.slice(1) : pattern).reverse());
  assertShort(value, pattern);
  const found = compiled.find([...value].reverse().join(''), { anchored: true, shortest: !greedy });
  return found === null ? value : value.slice(0, value.length - found.end);
}

/** `${value/pattern/replacement}`: the first match, or all of them. */
export function replacePattern(value: string, pattern: string, replacement: string, all: boolean): string {
  const compiled = compilePattern(readShellPattern(pattern));
  assertShort(value, pattern);
  const pieces: string[] = [];
  let [copied, length] = [0, value.length];
  for (let from = 0; from <= value.length; ) {
    assertShort(value, pattern);
    const found = compiled.find(value, { from });
    if (found === null) break;
    pieces.push(value.slice(copied, found.start), replacement);
    copied = found.end;
    length += replacement.length;
    assertWithin(
      length,
      LIMITS.expandedCharacters,
      'cannot expand a word of the Dockerfile: it has more than % characters',
    );
    if (!all) break;
    from = found.end > found.start ? found.end : found.end + 1;
  }
  return pieces.join('') + value.slice(copied);
}

function assertShort(value: string, pattern: string): void {
  const what = 'cannot expand a word of the Dockerfile: its pattern takes more than % steps';
  assertWithin(value.length * pattern.length, LIMITS.patternSteps, what);
}

function readShellPattern(pattern: string): PatternPart[] {
  const parts: PatternPart[] = [];
  const characters = [...pattern];
  for (let at = 0; at < characters.length; at += 1) {
    const given = characters[at] as string;
    if (given === '*') {
      if (characters[at - 1] !== '*' || parts.at(-1)?.kind !== 'many') parts.push(many(anyCharacter));
    } else if (given === '?') parts.push(single(anyCharacter));
    else if (given === '\\') {
      at += 1;
      // an escape character at the very end stands for nothing
      if (at < characters.length) parts.push(character(characters[at] as string));
    } else parts.push(character(given));
  }
  return parts;
}
