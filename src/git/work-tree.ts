import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { simpleGit } from 'simple-git';
import { messageOf, UserError } from '../shared/failure.ts';
import { gitEnvironment } from './environment.ts';

/** Where the bytes of a file are kept beside the file itself. */
export type Keeping =
  /** In HEAD or the index of its git work tree: it can be had back from there. */
  | 'committed'
  /** In a git work tree, but with changes that git has nowhere. */
  | 'uncommitted'
  | 'outside-git';

/**
 * Whether git could give a file back as it is now. Content filters such as line endings are respected.
 * @throws UserError `would-overwrite` where there is a work tree, but git cannot be asked about it.
 */
export async function keepingOf(path: string): Promise<Keeping> {
  const git = simpleGit(dirname(path)).env(gitEnvironment());
  const ask = async (...words: string[]) => (await git.raw(words).catch(() => '')).trim();
  try {
    if ((await git.raw(['rev-parse', '--is-inside-work-tree'])).trim() !== 'true') return 'outside-git';
  } catch (error) {
    if (isOutside(error, dirname(path))) return 'outside-git';
    throw new UserError('would-overwrite', `cannot ask git about ${basename(path)}: ${firstLine(error)}`, {
      hint: 'make git work in this directory, or give --force',
      cause: error,
    });
  }
  const name = `./${basename(path)}`;
  const [now, head, index] = await Promise.all([
    ask('hash-object', '--', name),
    ask('rev-parse', '--verify', '--quiet', `HEAD:${name}`),
    ask('rev-parse', '--verify', '--quiet', `:${name}`),
  ]);
  return now !== '' && (now === head || now === index) ? 'committed' : 'uncommitted';
}

/** Git says so, or there is no git on this machine and no repository above the directory either. */
export function isOutside(error: unknown, directory: string): boolean {
  if (/not a git repository/i.test(messageOf(error))) return true;
  return /ENOENT/.test(messageOf(error)) && !hasRepositoryAbove(directory);
}

function hasRepositoryAbove(directory: string): boolean {
  if (existsSync(join(directory, '.git'))) return true;
  return dirname(directory) !== directory && hasRepositoryAbove(dirname(directory));
}

function firstLine(error: unknown): string {
  return messageOf(error).trim().split('\n')[0] ?? '';
}
