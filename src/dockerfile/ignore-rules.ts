import { posix } from 'node:path';
import { readBrackets } from '../shared/brackets.ts';
import { assertWithin, LIMITS } from '../shared/limits.ts';
import {
  type CharacterTest,
  character,
  compilePattern,
  either,
  many,
  nameCharacter,
  type PatternPart,
  single,
} from '../shared/pattern.ts';
import { invalidDockerfile } from './invalid-dockerfile.ts';
import { physicalLines } from './logical-line.ts';

/**
 * Which paths of a build context a `.dockerignore` leaves out. The rules are those of moby/patternmatcher, which
 * the Docker CLI and BuildKit share; https://docs.docker.com/build/concepts/context/#syntax puts them in words.
 * All paths are relative to the context, with slashes.
 */
export type IgnoreRules = {
  /** Whether a path is left out: it or a directory above it matches, and no later `!` pattern takes it back. */
  ignores(path: string): boolean;
  /** Whether a `!` pattern may take back something below a directory that is left out. */
  mayKeepBelow(directory: string): boolean;
};

type IgnorePattern = {
  /** Cleaned as Go's filepath.Clean does, without `!` and a leading slash. */
  readonly text: string;
  readonly negated: boolean;
  readonly matches: (path: string) => boolean;
};

/**
 * Reads the text of an ignore file; `file` is what messages call it. All verdicts together take `maxTests` at most.
 * @throws UserError `dockerfile-invalid` for a pattern that Docker refuses; a verdict throws `limit-exceeded`.
 */
export function readIgnoreRules(
  text: string,
  file = '.dockerignore',
  maxTests: number = LIMITS.ignoreTests,
): IgnoreRules {
  const patterns: IgnorePattern[] = [];
  for (const { start, end } of physicalLines(text)) {
    const line = text.slice(start, end);
    if (line.startsWith('#') || line.trim() === '') continue;
    const pattern = readPattern(line.trim());
    if (pattern === null)
      throw invalidDockerfile({ file, text }, start, `${line.trim()} is no valid pattern`);
    patterns.push(pattern);
  }
  let tests = 0;
  const count = () => {
    tests += patterns.length;
    assertWithin(tests, maxTests, `cannot use ${file}: it takes more than % tests of a path by a rule`);
  };
  return {
    ignores: verdictsOf(patterns, count),
    mayKeepBelow: (path) => mayKeepBelow(patterns, path),
  };
}

/**
 * The text of an ignore file that does not hide a path: as it is, or with a line `!path` at its end; null where such a
 * line would mean something else.
 */
export function unhide(text: string, path: string): string | null {
  if (!readIgnoreRules(text).ignores(path)) return text;
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const whole = text === '' || text.endsWith('\n') ? text : `${text}${newline}`;
  const added = `${whole}!${path}${newline}`;
  return /[*?[\]\\]/.test(path) || readIgnoreRules(added).ignores(path) ? null : added;
}

/** What the rules say of a path, and which of them match it or a directory above it. */
type Verdict = { readonly ignored: boolean; readonly matched: readonly boolean[] };

/**
 * moby/patternmatcher's MatchesUsingParentResults: a pattern that a directory matched holds below it; a pattern that
 * was not asked there, since it could not have changed the verdict, is not asked for the directory again.
 * @param count hears of each path that all patterns are tested against.
 */
function verdictsOf(patterns: readonly IgnorePattern[], count: () => void): (path: string) => boolean {
  const verdictOf = (path: string, above: readonly boolean[]): Verdict => {
    count();
    let ignored = false;
    const matched = patterns.map(({ negated, matches }, index) => {
      const isMatch = above[index] === true || (negated === ignored && matches(path));
      if (isMatch) ignored = !negated;
      return isMatch;
    });
    return { ignored, matched };
  };
  // a walk asks for all that is in a directory, one after the other
  let last: { directory: string; above: readonly boolean[] } = { directory: '', above: [] };
  return (path) => {
    const slash = path.lastIndexOf('/');
    const directory = slash < 0 ? '' : path.slice(0, slash);
    if (directory !== last.directory) {
      let above: readonly boolean[] = [];
      for (let end = path.indexOf('/'); end >= 0; end = path.indexOf('/', end + 1))
        above = verdictOf(path.slice(0, end), above).matched;
      last = { directory, above };
    }
    return verdictOf(path, last.above).ignored;
  };
}

function mayKeepBelow(patterns: readonly IgnorePattern[], directory: string): boolean {
  return patterns.some(
    ({ negated, text }) => negated && (/[*?[\\]/.test(text) || `${text}/`.startsWith(`${directory}/`)),
  );
}

/** null for a lone `!` and for brackets that are not closed. */
function readPattern(line: string): IgnorePattern | null {
  const negated = line.startsWith('!');
  const written = negated ? line.slice(1).trim() : line;
  if (written === '') return null;
  const normal = posix.normalize(written);
  const cleaned = normal.length > 1 ? normal.replace(/\/$/, '') : normal;
  const text = cleaned.length > 1 ? cleaned.replace(/^\//, '') : cleaned;
  const matches = compile(text);
  return matches === null ? null : { text, negated, matches };
}

type MatchKind = 'exact' | 'prefix' | 'suffix' | 'expression';

/** moby/patternmatcher's Pattern.compile: `**` at an end is a mere prefix or suffix, all else an expression. */
function compile(pattern: string): ((path: string) => boolean) | null {
  const read = translate(pattern);
  if (read === null) return null;
  if (read.kind === 'exact') return (path) => path === pattern;
  if (read.kind === 'prefix') return (path) => path.startsWith(pattern.slice(0, -2));
  if (read.kind === 'suffix') {
    const suffix = pattern.slice(2);
    return (path) => path.endsWith(suffix) || (suffix.startsWith('/') && path === suffix.slice(1));
  }
  return compilePattern(read.parts).matches;
}

/** Go's `.`, by which the `**` of a pattern is translated. */
const anyButNewline: CharacterTest = (given) => given !== '\n';

function translate(pattern: string): { parts: PatternPart[]; kind: MatchKind } | null {
  const parts: PatternPart[] = [];
  const characters = [...pattern];
  let kind: MatchKind = 'exact';
  for (let at = 0; at < characters.length; ) {
    const given = characters[at] as string;
    const next = characters[at + 1];
    if (given === '*' && next === '*') {
      const isFirst = at === 0;
      at += characters[at + 2] === '/' ? 3 : 2;
      const isLast = at === characters.length;
      parts.push(isLast ? many(anyButNewline) : either([], [many(anyButNewline), character('/')]));
      kind = isFirst ? 'suffix' : isLast && kind === 'exact' ? 'prefix' : 'expression';
    } else if (given === '*' || given === '?') {
      parts.push(given === '*' ? many(nameCharacter) : single(nameCharacter));
      kind = 'expression';
      at += 1;
    } else if (given === '[') {
      const set = readBrackets(characters, at, { negations: '^', closesLate: true });
      if (set === null) return null;
      parts.push(single(set.accepts));
      kind = 'expression';
      at = set.next;
    } else if (given === '\\' && next !== undefined) {
      parts.push(single(CLASSES.get(next) ?? ((each) => each === next)));
      kind = 'expression';
      at += 2;
    } else {
      parts.push(character(given));
      if (given === ']') kind = 'expression';
      at += 1;
    }
  }
  return { parts, kind };
}

/** What a backslash and a letter mean in the expressions of Go that patterns are translated to. */
const CLASSES: ReadonlyMap<string, CharacterTest> = new Map<string, CharacterTest>([
  ['d', (given) => /[0-9]/.test(given)],
  ['D', (given) => !/[0-9]/.test(given)],
  ['s', (given) => /[\t\n\f\r ]/.test(given)],
  ['S', (given) => !/[\t\n\f\r ]/.test(given)],
  ['w', (given) => /\w/.test(given)],
  ['W', (given) => !/\w/.test(given)],
]);
