import { constants, copyFile, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { keepingOf } from '../git/work-tree.ts';
import { isNotFound, UserError } from '../shared/failure.ts';
import { hashOf } from './state.ts';

/** A file of an entry as it is to be. */
export type FileChange = {
  /** Path relative to the entry. */
  readonly name: string;
  readonly before: string;
  readonly after: string;
};

export type WriteOptions = {
  readonly directory: string;
  /** Hashes of what the tool wrote last, by name. */
  readonly lastWritten: Readonly<Record<string, string>>;
  readonly force: boolean;
};

/**
 * Makes sure that nothing is lost by overwriting: each file is in git's HEAD or index, or is what the tool wrote
 * last. Gives the names of those outside git, which are to be saved first.
 * @throws UserError `would-overwrite`.
 */
export async function guardOverwriting(
  changes: readonly FileChange[],
  options: WriteOptions,
): Promise<string[]> {
  const outside: string[] = [];
  for (const { name } of changes) {
    const path = join(options.directory, name);
    const keeping = await keepingOf(path);
    if (keeping === 'outside-git') outside.push(name);
    if (keeping !== 'uncommitted' || options.force) continue;
    if (hashOf(await readFile(path)) === options.lastWritten[name]) continue;
    throw new UserError('would-overwrite', `cannot overwrite ${name}: it has changes that git has nowhere`, {
      hint: `commit or stage ${name} first, or give --force`,
    });
  }
  return outside;
}

/**
 * Writes changed files, all or nothing: each beside its place first, then each moved there. The Kraftfile goes
 * first: with either Dockerfile it is a whole entry, at whatever moment the work is interrupted.
 */
export async function applyChanges(
  changes: readonly FileChange[],
  outsideGit: readonly string[],
  { directory }: Pick<WriteOptions, 'directory'>,
): Promise<void> {
  const ordered = [...changes].sort((a, b) => rank(a.name) - rank(b.name));
  const ready: { from: string; to: string }[] = [];
  try {
    for (const { name, after, before } of ordered) {
      const to = join(directory, name);
      if ((await readFile(to, 'utf8')) !== before) {
        throw new UserError(
          'would-overwrite',
          `cannot overwrite ${name}: it was changed while the tool was at work`,
          {
            hint: 'run again',
          },
        );
      }
      if (outsideGit.includes(name)) await saveOriginal(to);
      const from = `${to}.kraft-slim-new`;
      ready.push({ from, to });
      await writeDurably(from, after, (await stat(to)).mode);
    }
    for (const { from, to } of ready) await rename(from, to);
  } finally {
    for (const { from } of ready) await rm(from, { force: true });
  }
}

function rank(name: string): number {
  return /kraft(file|\.ya?ml)/i.test(name) ? 0 : 1;
}

/** Beside the file, as NAME.orig; one that is there already is the true original. */
async function saveOriginal(path: string): Promise<void> {
  await copyFile(path, `${path}.orig`, constants.COPYFILE_EXCL).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST' && !isNotFound(error)) throw error;
  });
}

async function writeDurably(path: string, content: string, mode: number): Promise<void> {
  await using file = await open(path, 'w');
  await file.chmod(mode & 0o7777);
  await file.writeFile(content);
  await file.sync();
}
