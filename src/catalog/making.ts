import { mkdir, readdir, readFile, rm, rmdir } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { isAbandoned, ownerOfThisProcess } from '../engine/ownership.ts';
import { isNotFound, UserError } from '../shared/failure.ts';
import { writeStateFile } from '../shared/state-directory.ts';

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
  const note = `making/${entry.replaceAll('/', '+')}.json`;
  const content: Note = { directory: relative(catalogRoot, directory), owner: ownerOfThisProcess() };
  await mkdir(directory, { recursive: true });
  if ((await readdir(directory)).length > 0) {
    throw new UserError('would-overwrite', `cannot make ${entry}: it is there already`, {
      hint: 'remove it, or give another name or version',
    });
  }
  // only now: a note about a directory that was there before would have it removed
  await writeStateFile(stateDirectory, note, JSON.stringify(content));
  let kept = false;
  return {
    directory,
    async keep() {
      // what was saved beside the files was the tool's own as well
      for (const name of await readdir(directory)) {
        if (name.endsWith('.orig')) await rm(join(directory, name));
      }
      await rm(join(stateDirectory, note), { force: true });
      kept = true;
    },
    async [Symbol.asyncDispose]() {
      if (kept) return;
      await removeEntry(directory);
      await rm(join(stateDirectory, note), { force: true });
    },
  };
}

/** Removes the directories that runs which were killed had begun. */
export async function removeUnfinished(options: {
  readonly catalogRoot: string;
  readonly stateDirectory: string;
}): Promise<string[]> {
  const { catalogRoot, stateDirectory } = options;
  const removed: string[] = [];
  for (const name of await namesIn(notesIn(stateDirectory))) {
    const path = join(notesIn(stateDirectory), name);
    const { directory, owner } = JSON.parse(await readFile(path, 'utf8')) as Note;
    if (!isAbandoned(owner) || directory.startsWith('..')) continue;
    await removeEntry(join(catalogRoot, directory));
    await rm(path);
    removed.push(directory);
  }
  return removed;
}

/** With the directory of its name, where it was the first of its versions. */
async function removeEntry(directory: string): Promise<void> {
  await rm(directory, { recursive: true, force: true });
  await rmdir(dirname(directory)).catch(() => undefined);
}

function notesIn(stateDirectory: string): string {
  return join(stateDirectory, 'making');
}

async function namesIn(directory: string): Promise<string[]> {
  try {
    return (await readdir(directory)).filter((name) => name.endsWith('.json'));
  } catch (error) {
    if (isNotFound(error)) return [];
    throw error;
  }
}
