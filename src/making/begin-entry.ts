import { dirname, join, relative, sep } from 'node:path';
import { UserError } from '../shared/failure.ts';
import { isAbandoned, ownerOfThisProcess } from '../shared/process-owner.ts';
import { makeDirectory, removeEmptyDirectory, removeTree } from '../store/directories.ts';
import { listDirectory } from '../store/read.ts';
import { type OnDistrust, readStateFile, type StateFile, writeStateFile } from '../store/state-file.ts';
import { removeFile } from '../store/write.ts';

/** An entry's directory while it is made; unless it is kept, disposing of it removes it. */
export type Making = AsyncDisposable & {
  readonly directory: string;
  /** From now on the directory is the catalog's; originals that were saved beside its files go. */
  keep(): Promise<void>;
};

/** What a note says: where an entry is being made, relative to the catalog's root, and by which process. */
type Note = { readonly directory: string; readonly owner: string };

/**
 * Makes an empty directory for a new entry. A note in the state directory says so, from which a later run knows what
 * a killed one has left (`removeUnfinished`).
 * @throws UserError `would-overwrite` where there is one already.
 */
export async function beginEntry(
  { catalogRoot, stateDirectory }: { readonly catalogRoot: string; readonly stateDirectory: string },
  entry: string,
): Promise<Making> {
  const directory = join(catalogRoot, entry);
  const note = noteOf(`${entry.replaceAll('/', '+')}.json`);
  const forget = () => removeFile(join(stateDirectory, note.name), { root: stateDirectory });
  const content: Note = { directory: relative(catalogRoot, directory), owner: ownerOfThisProcess() };
  makeDirectory(directory, { root: catalogRoot });
  if (namesIn(directory, catalogRoot).length > 0) {
    throw new UserError('would-overwrite', `cannot make ${entry}: it exists already`, {
      hint: 'remove it, or give another name or version',
    });
  }
  // only now: a note about a directory that was there before would have it removed
  writeStateFile(stateDirectory, note, content);
  let kept = false;
  return {
    directory,
    async keep() {
      // what was saved beside the files was the tool's own as well
      for (const name of namesIn(directory, catalogRoot)) {
        if (name.endsWith('.orig')) removeFile(join(directory, name), { root: catalogRoot });
      }
      forget();
      kept = true;
    },
    async [Symbol.asyncDispose]() {
      if (kept) return;
      removeEntry(directory, catalogRoot);
      forget();
    },
  };
}

/**
 * Removes the directories that runs which were killed had begun. A note that this user's key has not signed, or whose
 * directory no entry can have, removes nothing.
 */
export async function removeUnfinished(options: {
  readonly catalogRoot: string;
  readonly stateDirectory: string;
  readonly onDistrust?: OnDistrust;
}): Promise<string[]> {
  const { catalogRoot, stateDirectory, onDistrust } = options;
  const removed: string[] = [];
  for (const name of namesIn(join(stateDirectory, 'making'), stateDirectory)) {
    if (!name.endsWith('.json')) continue;
    const note = readStateFile(stateDirectory, noteOf(name), onDistrust);
    if (!isNote(note) || !isAbandoned(note.owner)) continue;
    removeEntry(join(catalogRoot, note.directory), catalogRoot);
    removeFile(join(stateDirectory, 'making', name), { root: stateDirectory });
    removed.push(note.directory);
  }
  return removed;
}

function isNote(value: unknown): value is Note {
  const { directory, owner } = (value ?? {}) as Partial<Note>;
  return typeof owner === 'string' && typeof directory === 'string' && isEntryPath(directory);
}

/** A path from the catalog's root, of plain names alone, as each entry has it. */
function isEntryPath(path: string): boolean {
  return path.split(sep).every((name) => name !== '' && !name.startsWith('.') && !name.includes('\0'));
}

/** With the directory of its name, where it was the first of its versions. */
function removeEntry(directory: string, catalogRoot: string): void {
  removeTree(directory, { root: catalogRoot });
  const above = dirname(directory);
  if (above !== catalogRoot) removeEmptyDirectory(above, { root: catalogRoot });
}

function noteOf(name: string): StateFile {
  return { kind: 'making', key: name, name: `making/${name}` };
}

function namesIn(directory: string, root: string): string[] {
  return (listDirectory(directory, { root }) ?? []).map(({ name }) => name);
}
