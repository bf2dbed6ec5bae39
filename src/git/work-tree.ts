import { readFile } from 'node:fs/promises';
import { basename, dirname, relative, sep } from 'node:path';
import type { Git } from '../programs/git.ts';
import { messageOf, UserError } from '../shared/failure.ts';
import { blobId } from './blob-id.ts';
import { findWorkTree } from './find-work-tree.ts';
import { storedContent, storingOf } from './line-ends.ts';

/** Where the bytes of a file are kept beside the file itself. */
export type Keeping =
  /** In HEAD or the index of its git work tree: it can be had back from there. */
  | 'committed'
  /** In a git work tree, but with changes that git has nowhere. */
  | 'uncommitted'
  | 'outside-git';

/**
 * Whether git could give a file back as it is now. Line ends count as git keeps them; what another filter rewrites
 * counts as changed, since the tool runs no filter.
 * @throws UserError `would-overwrite` where there is a work tree, but git does not answer about it; `refused`.
 */
export async function keepingOf(path: string): Promise<Keeping> {
  const git = await findWorkTree(dirname(path));
  if (git === null) return 'outside-git';
  try {
    return await keepingIn(git, path);
  } catch (error) {
    if (isOutside(error)) return 'outside-git';
    throw new UserError('would-overwrite', `cannot ask git about ${basename(path)}: ${firstLine(error)}`, {
      hint: 'make git work in this directory, or give --force',
      cause: error,
    });
  }
}

async function keepingIn(git: Git, path: string): Promise<Keeping> {
  const name = relative(git.top, path).split(sep).join('/');
  const kept = await keptIds(git, name);
  const [like] = kept;
  if (like === undefined) return 'uncommitted';
  const content = await readFile(path);
  if (kept.includes(blobId(content, { like }))) return 'committed';
  if (!content.includes('\r\n')) return 'uncommitted';
  const { lineEnds } = await storingOf(git, name);
  return kept.includes(blobId(storedContent(content, lineEnds), { like })) ? 'committed' : 'uncommitted';
}

/** The blobs of a regular file in the index and in HEAD; neither command reads the work tree. */
async function keptIds(git: Git, name: string): Promise<string[]> {
  const [index, head] = await Promise.all([
    git.run(['ls-files', '-z', '--stage', '--', name]),
    // before the first commit there is no HEAD
    git.run(['ls-tree', '-z', '--full-tree', 'HEAD', '--', name]).catch(() => ''),
  ]);
  return [...index.split('\0'), ...head.split('\0')].flatMap((line) => {
    const [, id, path] = /^100\d{3} (?:blob )?([0-9a-f]+)[^\t]*\t([\s\S]+)$/.exec(line) ?? [];
    return id !== undefined && path === name ? [id] : [];
  });
}

/** Git says so of a `.git` that is no repository. */
export function isOutside(error: unknown): boolean {
  return /not a git repository/i.test(messageOf(error));
}

function firstLine(error: unknown): string {
  return messageOf(error).trim().split('\n')[0] ?? '';
}
