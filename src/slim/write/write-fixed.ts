import { join, posix } from 'node:path';
import type { FileChange } from '../file-change.ts';
import { readState, STATE_DIRECTORY } from '../state/state.ts';
import { applyChanges, guardOverwriting } from './write.ts';

/**
 * Writes what `check --fix` has worked out, by the same rules as all that the tool writes: all files or none.
 * @param root host path of the catalog, which the names are relative to
 * @throws UserError `would-overwrite`
 */
export async function writeFixed(
  root: string,
  files: readonly FileChange[],
  { force }: { readonly force: boolean },
): Promise<void> {
  const options = { directory: root, lastWritten: await lastWritten(root, files), force };
  await applyChanges(files, await guardOverwriting(files, options), options);
}

/** Hashes of what the tool wrote last in the directories of the files, as far as it is remembered. */
async function lastWritten(root: string, files: readonly FileChange[]): Promise<Record<string, string>> {
  const hashes: Record<string, string> = {};
  for (const directory of new Set(files.map(({ name }) => posix.dirname(name)))) {
    const state = await readState(join(root, STATE_DIRECTORY), directory);
    for (const [name, hash] of Object.entries(state?.written ?? {}))
      hashes[posix.join(directory, name)] = hash;
  }
  return hashes;
}
