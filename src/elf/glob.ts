import { readBrackets } from '../shared/brackets.ts';
import { type FileTree, resolvePath } from '../shared/file-tree.ts';
import { comparePaths, type ImagePath, ROOT } from '../shared/image-path.ts';
import {
  character,
  compilePattern,
  many,
  nameCharacter,
  type PatternPart,
  single,
} from '../shared/pattern.ts';

/**
 * The paths that match an absolute pattern, sorted by bytes, glob(7): `*`, `?`, `[...]`, a backslash before the
 * next character; none of them matches a slash or the dot a name begins with. Links are followed.
 * A path is returned as the pattern spells it, with the names that matched.
 */
export function globPaths(tree: FileTree, pattern: string): string[] {
  let found = [''];
  for (const part of pattern.split('/').filter((name) => name !== '')) {
    found = found.flatMap((directory) => matchesIn(tree, directory, part));
  }
  return found.filter((path) => resolvePath(tree, path).entry !== undefined).sort(comparePaths);
}

function matchesIn(tree: FileTree, directory: string, part: string): string[] {
  if (!/[*?[\\]/.test(part)) return [`${directory}/${part}`];
  const matcher = globMatcher(part);
  const at: ImagePath = directory === '' ? ROOT : resolvePath(tree, directory).path;
  return tree
    .list(at)
    .filter((name) => matcher(name))
    .map((name) => `${directory}/${name}`);
}

/** A test for one name. */
function globMatcher(pattern: string): (name: string) => boolean {
  const characters = [...pattern];
  const parts: PatternPart[] = [];
  for (let at = 0; at < characters.length; at += 1) {
    const given = characters[at] as string;
    if (given === '*') parts.push(many(nameCharacter));
    else if (given === '?') parts.push(single(nameCharacter));
    else if (given === '\\' && at + 1 < characters.length) parts.push(character(characters[++at] as string));
    else {
      const set = given === '[' ? readBrackets(characters, at, { negations: '!^', closesLate: true }) : null;
      parts.push(set === null ? character(given) : single(set.accepts));
      if (set !== null) at = set.next - 1;
    }
  }
  const compiled = compilePattern(parts);
  const takesDot = characters[0] === '.' || (characters[0] === '\\' && characters[1] === '.');
  return (name) => (takesDot || !name.startsWith('.')) && compiled.matches(name);
}
