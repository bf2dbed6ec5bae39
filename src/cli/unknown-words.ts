import { lstat } from 'node:fs/promises';
import { isNotFound, UserError } from '../shared/failure.ts';
import { nearestMatch } from '../shared/nearest-match.ts';
import type { Request } from './program.ts';

/**
 * Makes sure that each word that must be a path exists, before any work: a mistyped verb counts as a word of the
 * default verb, and kraft-slim must not slim the words behind it.
 * @throws UserError `usage` with the nearest verb.
 */
export async function refuseUnknownWords(request: Request, verbs: readonly string[]): Promise<void> {
  for (const word of pathsOf(request)) {
    if (await isThere(word)) continue;
    throw new UserError('usage', `cannot find ${word}: it is neither a verb nor an existing path`, {
      hint: hintFor(word, verbs),
    });
  }
}

/** The words of a command that have to be paths. */
function pathsOf(request: Request): readonly string[] {
  switch (request.verb) {
    case 'slim':
    case 'verify':
    case 'refresh':
    case 'pr':
      return request.entries;
    case 'check':
    case 'migrate':
      return request.paths;
    case 'sweep':
      return [request.catalog];
    case 'new':
    case 'worker':
    case 'clean':
      return [];
  }
}

function hintFor(word: string, verbs: readonly string[]): string {
  if (verbs.includes(word)) return `write the verb first: kraft-slim ${word}`;
  // two letters that changed places are two edits
  const nearest = nearestMatch(word, verbs) ?? verbs.find((verb) => lettersOf(verb) === lettersOf(word));
  return nearest === undefined
    ? 'name an existing entry, or run kraft-slim --help'
    : `did you mean kraft-slim ${nearest}?`;
}

function lettersOf(word: string): string {
  return [...word].sort().join('');
}

async function isThere(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    // what cannot be looked at is there, and the work on it says why it cannot be read
    return !isNotFound(error);
  }
}
