import { basename, dirname } from 'node:path';
import { simpleGit } from 'simple-git';

/** Where the bytes of a file are kept beside the file itself. */
export type Keeping =
  /** In HEAD or the index of its git work tree: it can be had back from there. */
  | 'committed'
  /** In a git work tree, but with changes that git has nowhere. */
  | 'uncommitted'
  | 'outside-git';

/** Whether git could give a file back as it is now. Content filters such as line endings are respected. */
export async function keepingOf(path: string): Promise<Keeping> {
  const git = simpleGit(dirname(path));
  const ask = async (...words: string[]) => (await git.raw(words).catch(() => '')).trim();
  if ((await ask('rev-parse', '--is-inside-work-tree')) !== 'true') return 'outside-git';
  const name = `./${basename(path)}`;
  const [now, head, index] = await Promise.all([
    ask('hash-object', '--', name),
    ask('rev-parse', '--verify', '--quiet', `HEAD:${name}`),
    ask('rev-parse', '--verify', '--quiet', `:${name}`),
  ]);
  return now !== '' && (now === head || now === index) ? 'committed' : 'uncommitted';
}
