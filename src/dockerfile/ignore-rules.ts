import { posix } from 'node:path';
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
 * Reads the text of an ignore file; `file` is what messages call it.
 * @throws UserError `dockerfile-invalid` for a pattern that Docker refuses.
 */
export function readIgnoreRules(text: string, file = '.dockerignore'): IgnoreRules {
  const patterns: IgnorePattern[] = [];
  for (const { start, end } of physicalLines(text)) {
    const line = text.slice(start, end);
    if (line.startsWith('#') || line.trim() === '') continue;
    const pattern = readPattern(line.trim());
    if (pattern === null)
      throw invalidDockerfile({ file, text }, start, `${line.trim()} is no valid pattern`);
    patterns.push(pattern);
  }
  return {
    ignores: (path) => isIgnored(patterns, path),
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

/**
 * moby/patternmatcher's MatchesUsingParentResults: a pattern that a directory matched holds below it; one that was not asked
 * there, since it could not have changed the verdict, is not asked for the directory again.
 */
function isIgnored(patterns: readonly IgnorePattern[], path: string): boolean {
  let ignored = false;
  let above: readonly boolean[] = [];
  for (let end = path.indexOf('/'); ; end = path.indexOf('/', end + 1)) {
    const step = end < 0 ? path : path.slice(0, end);
    ignored = false;
    above = patterns.map(({ negated, matches }, index) => {
      const matched = above[index] === true || (negated === ignored && matches(step));
      if (matched) ignored = !negated;
      return matched;
    });
    if (end < 0) return ignored;
  }
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
  const { expression, kind } = translate(pattern);
  if (kind === 'exact') return (path) => path === pattern;
  if (kind === 'prefix') return (path) => path.startsWith(pattern.slice(0, -2));
  if (kind === 'suffix') {
    const suffix = pattern.slice(2);
    return (path) => path.endsWith(suffix) || (suffix.startsWith('/') && path === suffix.slice(1));
  }
  try {
    const compiled = new RegExp(`^${expression}$`);
    return (path) => compiled.test(path);
  } catch {
    return null;
  }
}

function translate(pattern: string): { expression: string; kind: MatchKind } {
  let expression = '';
  let kind: MatchKind = 'exact';
  for (const { 0: token, index } of pattern.matchAll(/\*\*\/?|\\[\s\S]|[\s\S]/g)) {
    const atEnd = index + token.length === pattern.length;
    if (token.startsWith('**')) {
      expression += atEnd ? '.*' : '(?:.*/)?';
      kind = index === 0 ? 'suffix' : atEnd && kind === 'exact' ? 'prefix' : 'expression';
    } else if (token === '*' || token === '?') {
      expression += token === '*' ? '[^/]*' : '[^/]';
      kind = 'expression';
    } else if (token === '[' || token === ']' || (token.length === 2 && token.startsWith('\\'))) {
      expression += token;
      kind = 'expression';
    } else {
      expression += token.replace(/[.+(){}|$\\]/, '\\$&');
    }
  }
  return { expression, kind };
}
