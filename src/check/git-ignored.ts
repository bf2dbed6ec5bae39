import { append } from '../shared/append.ts';
import { type Files, sourceOf } from './files.ts';
import { linesOf } from './house-text.ts';

/** A line of a `.gitignore`; `segments` lie below the directory of the file. */
type IgnoreLine = {
  readonly negated: boolean;
  /** Whether the whole path has to match, and not its last name alone. */
  readonly anchored: boolean;
  readonly segments: readonly string[];
};

/**
 * Whether the `.gitignore` files of a catalog hide a path that is not on disk, so that a script or a build makes it.
 * Without git, since a catalog may come as an archive. The path may be a directory. Source: gitignore(5).
 */
export async function isGitIgnored(files: Files, path: string): Promise<boolean> {
  const names = path.split('/').filter((name) => name !== '' && name !== '.');
  if (names.includes('..')) return false;
  const lines: { readonly depth: number; readonly line: IgnoreLine }[] = [];
  for (let depth = 0; depth < names.length; depth += 1) {
    const source = await sourceOf(files, [...names.slice(0, depth), '.gitignore'].join('/'));
    if (source !== null)
      append(
        lines,
        linesIn(source.text).map((line) => ({ depth, line })),
      );
    const above = names.slice(0, depth + 1);
    const last = lines.findLast((rule) => hides(rule.line, above.slice(rule.depth)));
    // what lies in a directory that git ignores cannot be taken back
    if (last !== undefined && !last.line.negated) return true;
  }
  return false;
}

function linesIn(text: string): IgnoreLine[] {
  return linesOf(text).flatMap(({ start, end }) => {
    const written = text.slice(start, end).replace(/(?<=^|[^\\ ]) +$/, '');
    if (written === '' || written.startsWith('#')) return [];
    const negated = written.startsWith('!');
    const pattern = negated ? written.slice(1) : written;
    // whether the path is a directory is not known, since it is not there
    const path = pattern.replace(/\/$/, '');
    const segments = path.replace(/^\//, '').split('/');
    return segments[0] === '' ? [] : [{ negated, anchored: path.includes('/'), segments }];
  });
}

function hides({ anchored, segments }: IgnoreLine, names: readonly string[]): boolean {
  if (!anchored) return matchesName(segments[0] as string, names.at(-1) as string);
  return matchesAll(segments, names, {
    isMany: (segment) => segment === '**',
    fits: matchesName,
  });
}

function matchesName(pattern: string, name: string): boolean {
  const tokens = pattern.match(/\\[\s\S]|\[[!^]?\]?[^\]]*\]|[\s\S]/gu) ?? [];
  return matchesAll(tokens, [...name], { isMany: (token) => /^\*+$/.test(token), fits: matchesCharacter });
}

function matchesCharacter(token: string, character: string): boolean {
  if (token === '?') return true;
  if (token.startsWith('\\')) return token.slice(1) === character;
  if (!token.startsWith('[') || token.length < 3) return token === character;
  const negated = /^\[[!^]/.test(token);
  const members = [...token.slice(negated ? 2 : 1, -1)];
  const isMember = members.some((member, at) => {
    const [dash, end] = [members[at + 1], members[at + 2]];
    return dash === '-' && end !== undefined ? member <= character && character <= end : member === character;
  });
  return isMember !== negated;
}

/** A wildcard takes as few parts as it can, and goes back to the last one only: time is the product of both lengths. */
function matchesAll(
  pattern: readonly string[],
  parts: readonly string[],
  { isMany, fits }: { isMany: (token: string) => boolean; fits: (token: string, part: string) => boolean },
): boolean {
  let token = 0;
  let part = 0;
  let many: { readonly token: number; part: number } | null = null;
  while (part < parts.length) {
    const wanted = pattern[token];
    if (wanted !== undefined && isMany(wanted)) {
      many = { token, part };
      token += 1;
    } else if (wanted !== undefined && fits(wanted, parts[part] as string)) {
      token += 1;
      part += 1;
    } else if (many !== null) {
      many.part += 1;
      token = many.token + 1;
      part = many.part;
    } else return false;
  }
  return pattern.slice(token).every(isMany);
}
