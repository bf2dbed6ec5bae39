import { constants, copyFile, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isRootListName } from '../dockerfile/root-list.ts';
import { type Keeping, keepingOf } from '../git/work-tree.ts';
import { isNotFound, UserError } from '../shared/failure.ts';
import { lockEntry } from './lock-entry.ts';
import { hashOf } from './state.ts';

/** A file of an entry as it is to be. */
export type FileChange = {
  /** Path relative to the entry. */
  readonly name: string;
  /** null where the file is to be made. */
  readonly before: string | null;
  /** null where it is to be removed. */
  readonly after: string | null;
  /** The name of a file that is to be removed, whose place it takes: never are both there, nor is none. */
  readonly replaces?: string;
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
  for (const { name, before } of changes) {
    const path = join(options.directory, name);
    if (before === null) {
      if (await isFree(path)) continue;
      throw cannotOverwrite(name);
    }
    const keeping = await keepingOf(path).catch((error: unknown): Keeping => {
      if (options.force) return 'outside-git';
      throw error;
    });
    const bytes = await readFile(path);
    const isOurs = hashOf(bytes) === options.lastWritten[name];
    // a root list that the tool wrote never had an original
    if (keeping === 'outside-git' && !(isOurs && isRootListName(name))) outside.push(name);
    if (keeping === 'committed' || options.force || isOurs) continue;
    if (keeping === 'outside-git' && (await canBeSaved(path, bytes))) continue;
    const [why, hint] = WHY_NOT[keeping];
    throw new UserError('would-overwrite', `cannot overwrite ${name}: ${why}`, { hint: hint(name) });
  }
  return outside;
}

async function isFree(path: string): Promise<boolean> {
  return (await readOrNull(path)) === null;
}

async function readOrNull(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isNotFound(error)) return null;
    throw error;
  }
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
 * Makes changes: what is written is put beside its place first, then each is moved there. The Kraftfile goes first, and
 * what a Dockerfile only reads goes before it: whatever moment the work is interrupted at, the entry works. What is
 * removed goes last, unless another file takes its place: that gets its text first, and then its own name.
 * @throws UserError `would-overwrite` where a file was changed while the tool was at work.
 */
export async function applyChanges(
  changes: readonly FileChange[],
  outsideGit: readonly string[],
  { directory }: Pick<WriteOptions, 'directory'>,
): Promise<void> {
  await using _ = await lockEntry(directory);
  const ordered = [...changes].sort((a, b) => rank(a) - rank(b));
  const ready: { from: string; to: string; over: string | null }[] = [];
  const going: string[] = [];
  const replaced = new Set(changes.flatMap(({ replaces }) => (replaces === undefined ? [] : [replaces])));
  try {
    for (const { name, after, before, replaces } of ordered) {
      const to = join(directory, name);
      if ((await readOrNull(to)) !== before) throw cannotOverwrite(name);
      if (outsideGit.includes(name)) await saveOriginal(to);
      if (after === null) {
        if (!replaced.has(name)) going.push(to);
        continue;
      }
      const from = `${to}.kraft-slim-new`;
      ready.push({ from, to, over: replaces === undefined ? null : join(directory, replaces) });
      await writeDurably(from, after, before === null ? NEW_MODE : (await stat(to)).mode);
    }
    for (const { from, to, over } of ready) {
      if (over !== null) await rename(from, over);
      await rename(over ?? from, to);
    }
    for (const path of going) await rm(path);
  } finally {
    for (const { from } of ready) await rm(from, { force: true });
  }
}

/** Of a file that was not there. */
const NEW_MODE = 0o644;

function cannotOverwrite(name: string): UserError {
  const message = `cannot overwrite ${name}: it was changed while the tool was at work`;
  return new UserError('would-overwrite', message, { hint: 'run again' });
}

function rank({ name, after }: FileChange): number {
  if (after === null) return 3;
  if (/kraft(file|\.ya?ml)/i.test(name)) return 0;
  return isRootListName(name) || name.endsWith('.dockerignore') ? 1 : 2;
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
