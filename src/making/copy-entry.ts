import { dirname, join } from 'node:path';
import { isOwnFile } from '../dockerfile/own-files.ts';
import { isRootListName } from '../dockerfile/root-list.ts';
import { filesInGit } from '../git/list-files.ts';
import { append } from '../shared/append.ts';
import { makeDirectory } from '../store/directories.ts';
import { linkTarget, listDirectory, readText, statPath } from '../store/read.ts';
import { copyFile, makeLink, replaceFile } from '../store/write.ts';

export type CopyEntryOptions = {
  readonly from: string;
  readonly to: string;
  /** Host path of the catalog, in which both lie. */
  readonly catalogRoot: string;
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
  const { from, to, catalogRoot: root, dockerfile, keepsLists, editOf } = options;
  for (const name of (await filesInGit(from)) ?? filesBelow(from, root)) {
    if (BUILT.test(name) || isOwnFile(name, dockerfile) || (isRootListName(name) && !keepsLists)) continue;
    const [source, target] = [join(from, name), join(to, name)];
    const stats = statPath(source);
    // tracked, and deleted since
    if (stats === null) continue;
    makeDirectory(dirname(target), { root });
    if (stats.isSymbolicLink()) {
      makeLink(linkTarget(source), target, { root });
      continue;
    }
    const edit = editOf(name);
    const text = edit === undefined ? null : readText(source, { root, kind: 'catalog file' });
    if (edit === undefined || text === null) await copyFile(source, target, { root });
    else replaceFile(target, edit(text), { root, mode: stats.mode });
  }
}

function filesBelow(directory: string, root: string, below = ''): string[] {
  const names: string[] = [];
  for (const entry of listDirectory(join(directory, below), { root }) ?? []) {
    // a repository in an entry is not the catalog's
    if (entry.name === '.git') continue;
    const name = join(below, entry.name);
    if (entry.isDirectory()) append(names, filesBelow(directory, root, name));
    else names.push(name);
  }
  return names.sort();
}
