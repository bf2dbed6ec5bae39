import { relative, sep } from 'node:path';
import { UserError } from '../shared/failure.ts';
import { findWorkTree } from './find-work-tree.ts';
import { isOutside } from './work-tree.ts';

/**
 * The files of a directory that git tracks or would track, relative to it; what it ignores is left out. null outside
 * of every work tree.
 * @throws UserError `refused` where a repository lies in the directory, or the directory lies in it.
 */
export async function filesInGit(directory: string): Promise<string[] | null> {
  const git = await findWorkTree(directory);
  if (git === null) return null;
  const below = relative(git.top, directory).split(sep).join('/');
  try {
    const words = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--', below || '.'];
    const names = (await git.run(words)).split('\0').filter((name) => name !== '');
    const nested = names.find((name) => name.endsWith('/'));
    if (nested !== undefined) throw nestedRepository(nested);
    return names.map((name) => (below === '' ? name : name.slice(below.length + 1)));
  } catch (error) {
    if (isOutside(error)) return null;
    throw error;
  }
}

/** Git lists a repository in a work tree as a directory, and nothing of its files. */
export function nestedRepository(path: string): UserError {
  return new UserError('refused', `cannot use the files of ${path}: it is a git repository in the catalog`, {
    hint: `remove ${path}.git`,
  });
}
