import { simpleGit } from 'simple-git';
import { gitEnvironment } from './environment.ts';
import { isOutside } from './work-tree.ts';

/**
 * The files of a directory that git tracks or would track, relative to it; what it ignores is left out. null outside
 * of every work tree.
 */
export async function filesInGit(directory: string): Promise<string[] | null> {
  const git = simpleGit(directory).env({ ...gitEnvironment(), LC_ALL: 'C' });
  try {
    const names = await git.raw(['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--', '.']);
    return names.split('\0').filter((name) => name !== '');
  } catch (error) {
    if (isOutside(error, directory)) return null;
    throw error;
  }
}
