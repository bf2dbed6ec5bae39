import { relative, sep } from 'node:path';
import { messageOf, UserError } from '../shared/failure.ts';
import { findWorkTree } from './find-work-tree.ts';

/** Words with which `git diff` starts no program and looks into no repository below. */
export const PLAIN_DIFF = ['--no-ext-diff', '--no-textconv', '--no-renames', '--ignore-submodules=dirty'];

/**
 * What differs between a commit and the work tree, untracked files included and ignored ones not: paths relative to a
 * directory of the work tree, with slashes; what lies outside of the directory is left out.
 * @throws UserError `usage` where git does not know the reference, or there is no work tree.
 */
export async function changedPaths(directory: string, reference: string): Promise<string[]> {
  try {
    const git = await findWorkTree(directory);
    if (git === null) throw new Error('not a git repository');
    // resolved first, so that no reference is ever taken for an option
    const resolving = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${reference}^{commit}`];
    const commit = (await git.run(resolving)).trim();
    const below = relative(git.top, directory).split(sep).join('/');
    const ask = async (...words: string[]) => {
      const text = await git.run([...words, '--', below || '.']);
      return text.split('\0').filter((path) => path !== '');
    };
    const [changed, untracked] = await Promise.all([
      ask('diff', '--name-only', ...PLAIN_DIFF, '-z', commit),
      ask('ls-files', '--others', '--exclude-standard', '-z'),
    ]);
    const paths = [...new Set([...changed, ...untracked])];
    return below === '' ? paths : paths.map((path) => path.slice(below.length + 1));
  } catch (error) {
    const why = messageOf(error).trim().split('\n')[0] || 'git does not know it';
    throw new UserError('usage', `cannot find changes since ${reference}: ${why}`, {
      hint: "give a commit, a branch or a tag of the catalog's repository; a shallow clone lacks most",
      cause: error,
    });
  }
}
