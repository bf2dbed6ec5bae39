import { UserError } from '../shared/failure.ts';
import { isPlainWords } from './markdown.ts';
import { visible } from './visible.ts';

/**
 * A foreign name as a commit's message and a pull request's title can carry it: on one line, no mention, no closing
 * keyword with its reference, no trailer.
 * @throws UserError `refused` for any other, since a name that is changed names something else.
 */
export function gitName(name: string): string {
  if (isGitName(name)) return name;
  throw new UserError(
    'refused',
    `cannot make a branch for ${visible(name)}: a commit message cannot carry its name`,
    {
      hint: 'rename the directory: letters, digits, dots, dashes, underscores and slashes',
    },
  );
}

/** A name of files reads like words, but may have underscores and parts that look like a commit's hash. */
function isGitName(name: string): boolean {
  return (
    /^[\p{L}\p{N}][\p{L}\p{N}\p{M} ._/+-]*$/u.test(name) && visible(name) === name && !/GH-\d/i.test(name)
  );
}

/** A foreign title where a message can carry it, else undefined. */
export function gitTitle(title: string): string | undefined {
  return isPlainWords(title) ? title : undefined;
}
