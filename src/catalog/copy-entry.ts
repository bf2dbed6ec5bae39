import { copyFile, lstat, mkdir, readdir, readFile, readlink, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isOwnFile } from '../dockerfile/own-files.ts';
import { isRootListName } from '../dockerfile/root-list.ts';
import { filesInGit } from '../git/list-files.ts';
import { append } from '../shared/append.ts';
import { isNotFound } from '../shared/failure.ts';

export type CopyEntryOptions = {
  readonly from: string;
  readonly to: string;
  /** The Dockerfile's name in it. */
  readonly dockerfile: string;
  /** Whether root lists are copied too: those that the Dockerfile goes on reading. */
  readonly keepsLists: boolean;
  /** How a file's text changes on the way; undefined for a file that stays as it is. */
  readonly editOf: (name: string) => ((text: string) => string) | undefined;
};

/** What kraft leaves in an entry. */
const BUILT = /^(?:\.unikraft|\.config[^/]*)(?:\/|$)/;

/** Copies an entry's own files, what git ignores and what the tool wrote left out. Links stay links. */
export async function copyEntry(options: CopyEntryOptions): Promise<void> {
  const { from, to, dockerfile, keepsLists, editOf } = options;
  for (const name of (await filesInGit(from)) ?? (await filesBelow(from))) {
    if (BUILT.test(name) || isOwnFile(name, dockerfile) || (isRootListName(name) && !keepsLists)) continue;
    const [source, target] = [join(from, name), join(to, name)];
    const stats = await lstat(source).catch((error: unknown) => {
      // tracked, and deleted since
      if (isNotFound(error)) return undefined;
      throw error;
    });
    if (stats === undefined) continue;
    await mkdir(dirname(target), { recursive: true });
    const edit = stats.isFile() ? editOf(name) : undefined;
    if (stats.isSymbolicLink()) await symlink(await readlink(source), target);
    else if (edit === undefined) await copyFile(source, target);
    else await writeFile(target, edit(await readFile(source, 'utf8')), { mode: stats.mode });
  }
}

async function filesBelow(directory: string, below = ''): Promise<string[]> {
  const names: string[] = [];
  for (const entry of await readdir(join(directory, below), { withFileTypes: true })) {
    const name = join(below, entry.name);
    if (entry.isDirectory()) append(names, await filesBelow(directory, name));
    else names.push(name);
  }
  return names.sort();
}
