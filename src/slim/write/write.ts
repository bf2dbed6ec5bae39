import { basename, join } from 'node:path';
import { isRootListName } from '../../dockerfile/root-list.ts';
import { type Keeping, keepingOf } from '../../git/work-tree.ts';
import { UserError } from '../../shared/failure.ts';
import { readBytes, statPath } from '../../store/read.ts';
import {
  moveFile,
  removeFile,
  saveBeside,
  type WaitingFile,
  writeBeside,
  writeTarget,
} from '../../store/write.ts';
import type { FileChange } from '../file-change.ts';
import { lockEntry } from '../state/lock-entry.ts';
import { hashOf } from '../state/state.ts';

export type WriteOptions = {
  readonly directory: string;
  /** Host path of the catalog, outside of which nothing is written. Default: the directory. */
  readonly root?: string;
  /** Hashes of what the tool wrote last, by name. */
  readonly lastWritten: Readonly<Record<string, string>>;
  readonly force: boolean;
};

/**
 * Makes sure that nothing is lost by overwriting: each file is in git's HEAD or index, is what the tool wrote last,
 * or can be saved beside itself. Gives the names of those outside git, which are to be saved first.
 * @throws UserError `would-overwrite`; `refused` for what lies outside of the catalog, or is a link out of its entry.
 */
export async function guardOverwriting(
  changes: readonly FileChange[],
  options: WriteOptions,
): Promise<string[]> {
  const outside: string[] = [];
  for (const { name, before } of changes) {
    const { root = options.directory } = options;
    const path = writeTarget(join(options.directory, name), { root });
    if (before === null) {
      if (statPath(path) === null) continue;
      throw cannotOverwrite(name);
    }
    const keeping = await keepingOf(path).catch((error: unknown): Keeping => {
      if (options.force) return 'outside-git';
      throw error;
    });
    const bytes = bytesOf(path, root);
    if (bytes === null) throw cannotOverwrite(name);
    const isOurs = hashOf(bytes) === options.lastWritten[name];
    // a root list that the tool wrote never had an original
    if (keeping === 'outside-git' && !(isOurs && isRootListName(name))) outside.push(name);
    if (keeping === 'committed' || options.force || isOurs) continue;
    if (keeping === 'outside-git' && canBeSaved(path, bytes, root)) continue;
    const [why, hint] = WHY_NOT[keeping];
    throw new UserError('would-overwrite', `cannot overwrite ${name}: ${why}`, { hint: hint(name) });
  }
  return outside;
}

function bytesOf(path: string, root: string): Buffer | null {
  return readBytes(path, { root, kind: isRootListName(basename(path)) ? 'root list' : 'catalog file' });
}

const WHY_NOT = {
  uncommitted: [
    'it has changes that git does not have',
    (name: string) => `commit or stage ${name} first, or give --force`,
  ],
  'outside-git': [
    'it was changed after kraft-slim wrote it, and the original beside it differs',
    (name: string) => `move ${name}.orig away, or give --force`,
  ],
} as const;

/** Whether the original can still be put beside the file, or is there already. */
function canBeSaved(path: string, bytes: Buffer, root: string): boolean {
  return bytesOf(`${path}.orig`, root)?.equals(bytes) ?? true;
}

/**
 * Makes changes: what is written is put beside its place first, then each is moved there. The Kraftfile goes first,
 * and what a Dockerfile only reads goes before it: whatever moment the work is interrupted at, the entry works. What
 * is removed goes last, unless another file takes its place: that gets its text first, and then its own name.
 * @throws UserError `would-overwrite` where a file was changed while the tool was at work; `refused` as
 * `guardOverwriting`.
 */
export async function applyChanges(
  changes: readonly FileChange[],
  outsideGit: readonly string[],
  { directory, root = directory }: Pick<WriteOptions, 'directory' | 'root'>,
): Promise<void> {
  await using _ = await lockEntry(directory);
  const ordered = [...changes].sort((a, b) => rank(a) - rank(b));
  const ready: { file: WaitingFile; to: string; over: string | null }[] = [];
  const going: string[] = [];
  const replaced = new Set(changes.flatMap(({ replaces }) => (replaces === undefined ? [] : [replaces])));
  try {
    for (const { name, after, before, replaces } of ordered) {
      const to = writeTarget(join(directory, name), { root });
      if ((bytesOf(to, root)?.toString() ?? null) !== before) throw cannotOverwrite(name);
      if (outsideGit.includes(name)) saveOriginal(to, root);
      if (after === null) {
        if (!replaced.has(name)) going.push(to);
        continue;
      }
      const mode = statPath(to)?.mode;
      const file = writeBeside(to, after, { root, ...(mode === undefined ? {} : { mode }) });
      ready.push({ file, to, over: replaces === undefined ? null : join(directory, replaces) });
    }
    for (const { file, to, over } of ready) {
      file.moveTo(over ?? to);
      if (over !== null) moveFile(over, to, { root });
    }
    for (const path of going) removeFile(path, { root });
  } finally {
    for (const { file } of ready) file.discard();
  }
}

function cannotOverwrite(name: string): UserError {
  const message = `cannot overwrite ${name}: it was changed while kraft-slim was at work`;
  return new UserError('would-overwrite', message, { hint: 'run again' });
}

function rank({ name, after }: FileChange): number {
  if (after === null) return 3;
  if (/kraft(file|\.ya?ml)/i.test(name)) return 0;
  return isRootListName(name) || name.endsWith('.dockerignore') ? 1 : 2;
}

/** Beside the file, as NAME.orig; one that is there already is the true original. */
function saveOriginal(path: string, root: string): void {
  saveBeside(path, `${basename(path)}.orig`, { root, kind: 'root list' });
}
