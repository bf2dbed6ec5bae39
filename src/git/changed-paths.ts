import { simpleGit } from 'simple-git';
import { messageOf, UserError } from '../shared/failure.ts';
import { gitEnvironment } from './environment.ts';

/**
 * What differs between a commit and the work tree, untracked files included and ignored ones not: paths relative to a
 * directory of the work tree, with slashes; what lies outside of the directory is left out.
 * @throws UserError `usage` where git does not know the reference, or there is no work tree.
 */
export async function changedPaths(directory: string, reference: string): Promise<string[]> {
  const git = simpleGit(directory).env(gitEnvironment());
  const ask = async (...words: string[]) => (await git.raw(words)).split('\0').filter((path) => path !== '');
  try {
    // resolved first, so that no reference is ever taken for an option
    const commit = (
      await git.raw(['rev-parse', '--verify', '--quiet', '--end-of-options', `${reference}^{commit}`])
    ).trim();
    const [changed, untracked] = await Promise.all([
      ask('diff', '--name-only', '--relative', '--no-renames', '-z', commit),
      ask('ls-files', '--others', '--exclude-standard', '-z'),
    ]);
    return [...new Set([...changed, ...untracked])];
  } catch (error) {
    const why = messageOf(error).trim().split('\n')[0] || 'git does not know it';
    throw new UserError('usage', `cannot tell what has changed since ${reference}: ${why}`, {
      hint: "give a commit, a branch or a tag of the catalog's repository; a shallow clone lacks most",
      cause: error,
    });
  }
}
