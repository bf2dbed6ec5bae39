import { type FileTree, resolvePath } from '../shared/file-tree.ts';
import { comparePaths, type ImagePath, ROOT } from '../shared/image-path.ts';

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

/** A test for one name, without backtracking beyond the last `*`, so that no pattern takes long. */
function globMatcher(pattern: string): (name: string) => boolean {
  const tokens = pattern.match(/\*|\?|\[[!^]?\]?[^\]]*\]|\\?[\s\S]/g) ?? [];
  return (name) => {
    if (name.startsWith('.') && tokens[0] !== '.') return false;
    let [at, token, star, retry] = [0, 0, -1, 0];
    while (at < name.length) {
      if (tokens[token] === '*') {
        star = token++;
        retry = at;
      } else if (token < tokens.length && matchesOne(tokens[token] as string, name[at] as string)) {
        token++;
        at++;
      } else if (star >= 0) {
        token = star + 1;
        at = ++retry;
      } else return false;
    }
    while (tokens[token] === '*') token++;
    return token === tokens.length;
  };
}

function matchesOne(token: string, character: string): boolean {
  if (token === '?') return true;
  if (token.length > 2 && token.startsWith('[')) return inBrackets(token, character);
  return token.at(-1) === character;
}

function inBrackets(token: string, character: string): boolean {
  const negated = /^\[[!^]/.test(token);
  const set = token.slice(negated ? 2 : 1, -1);
  let inside = false;
  for (let at = 0; at < set.length; at++) {
    const [low, dash, high] = [set[at] as string, set[at + 1], set[at + 2]];
    if (dash === '-' && high !== undefined) {
      inside ||= low <= character && character <= high;
      at += 2;
    } else inside ||= low === character;
  }
  return inside !== negated;
}
