import { constants, copyFile, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Keeping, keepingOf } from '../git/work-tree.ts';
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
 * Makes sure that nothing is lost by overwriting: each file is in git's HEAD or index, is what the tool wrote last,
 * or can be saved beside itself. Gives the names of those outside git, which are to be saved first.
 * @throws UserError `would-overwrite`.
 */
export async function guardOverwriting(
  changes: readonly FileChange[],
  options: WriteOptions,
): Promise<string[]> {
  const outside: string[] = [];
  for (const { name } of changes) {
    const path = join(options.directory, name);
    const keeping = await keepingOf(path).catch((error: unknown): Keeping => {
      if (options.force) return 'outside-git';
      throw error;
    });
    if (keeping === 'outside-git') outside.push(name);
    if (keeping === 'committed' || options.force) continue;
    const bytes = await readFile(path);
    if (hashOf(bytes) === options.lastWritten[name]) continue;
    if (keeping === 'outside-git' && (await canBeSaved(path, bytes))) continue;
    const [why, hint] = WHY_NOT[keeping];
    throw new UserError('would-overwrite', `cannot overwrite ${name}: ${why}`, { hint: hint(name) });
  }
  return outside;
}

const WHY_NOT = {
  uncommitted: [
    'it has changes that git has nowhere',
    (name: string) => `commit or stage ${name} first, or give --force`,
  ],
  'outside-git': [
    'it was changed since the tool wrote it, and the original beside it is another',
    (name: string) => `move ${name}.orig away, or give --force`,
  ],
} as const;

/** Whether the original can still be put beside the file, or is there already. */
async function canBeSaved(path: string, bytes: Buffer): Promise<boolean> {
  try {
    return bytes.equals(await readFile(`${path}.orig`));
  } catch (error) {
    if (isNotFound(error)) return true;
    throw error;
  }
}

/**
 * Writes changed files: all beside their places first, then each is moved there. The Kraftfile goes first: with
 * either Dockerfile it is a whole entry, so that whatever moment the work is interrupted at, the entry works.
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
