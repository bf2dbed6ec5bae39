import picomatch from 'picomatch';

/**
 * Whether a path matches a glob: `*` and `?` stay within a name, `**` spans directories, `[a-z]` and `{a,b}` are
 * as in a shell, and names that begin with a dot need no dot in the glob. Both are taken as written, with `/`
 * between names on every host.
 */
export function matches(glob: string, path: string): boolean {
  return matcherOf(glob)(path);
}

const matchers = new Map<string, (path: string) => boolean>();
const MAX_MATCHERS = 1000;

function matcherOf(glob: string): (path: string) => boolean {
  const known = matchers.get(glob);
  if (known !== undefined) return known;
  const made = picomatch(glob, {
    dot: true,
    nonegate: true,
    noextglob: true,
    strictSlashes: true,
    windows: false,
  });
  if (matchers.size >= MAX_MATCHERS) matchers.clear();
  matchers.set(glob, made);
  return made;
}
