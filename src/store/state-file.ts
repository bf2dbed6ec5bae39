import { dirname, join } from 'node:path';
import { messageOf, UserError } from '../shared/failure.ts';
import { makeDirectory, makeUpwards, removeTree } from './directories.ts';
import type { FileKind } from './limits.ts';
import { readText, statPath } from './read.ts';
import { type SealedAs, seal, unseal } from './seal.ts';
import { createFile, replaceFile } from './write.ts';

/** Hears that a file of state counts as absent, and why. */
export type OnDistrust = (message: string) => void;

/** A file of the state directory: its path in there, and what it is signed as. */
export type StateFile = SealedAs & { readonly name: string };

/**
 * Makes a directory for state where there is none; one that is made hides itself from git.
 * @throws UserError `refused` where it is a link, or cannot be a directory; see `storeError`.
 */
export function openStateDirectory(directory: string): void {
  const there = statPath(directory);
  if (there !== null && !there.isDirectory())
    throw cannotKeep(directory, there.isSymbolicLink() ? 'it is a link' : 'it is a file');
  const isOurs = makeUpwards(directory, 0o777);
  // a directory that was there before is the user's, and so is what git ignores in it
  if (isOurs) createFile(join(directory, '.gitignore'), '*\n', { root: directory });
}

function cannotKeep(directory: string, why: string): UserError {
  return new UserError('refused', `cannot keep state in ${directory}: ${why}`, {
    hint: 'name a directory with --state, by a path without links',
  });
}

/** Writes a file of the state directory as a whole or not at all, signed. */
export function writeStateFile(directory: string, file: StateFile, value: unknown): void {
  writeStateText(directory, file.name, `${seal(JSON.stringify(value), file)}\n`);
}

/**
 * Writes a text into the state directory as a whole or not at all. A directory in its place goes: state is safe to
 * delete, and a stranger may have committed the directory to stop the run.
 */
export function writeStateText(directory: string, name: string, text: string): void {
  openStateDirectory(directory);
  const path = join(directory, name);
  makeDirectory(dirname(path), { root: directory });
  if (statPath(path)?.isDirectory() === true) removeTree(path, { root: directory });
  replaceFile(path, text, { root: directory });
}

/**
 * What a file of the state directory holds; undefined where there is none. A file that this user's key has not signed
 * for its place, or that is no regular file, counts as absent: a catalog may hold forged state.
 * @throws UserError where the user's key cannot be used.
 */
export function readStateFile(
  directory: string,
  file: StateFile,
  onDistrust: OnDistrust = () => undefined,
): unknown {
  const line = readStateText(directory, file.name, { kind: 'state file', onDistrust });
  if (line === null) return undefined;
  const text = unseal(line.replace(/\n$/, ''), file);
  if (text !== null) return JSON.parse(text) as unknown;
  onDistrust(`${file.name} is not signed by the key of this user`);
  return undefined;
}

/** The text of a file of the state directory; null where there is none, or none that may be read. */
export function readStateText(
  directory: string,
  name: string,
  { kind, onDistrust }: { readonly kind: FileKind; readonly onDistrust: OnDistrust },
): string | null {
  // a catalog may hold a link to a directory of another user's state
  if (statPath(directory)?.isDirectory() !== true) return null;
  try {
    return readText(join(directory, name), { root: directory, kind });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    onDistrust(messageOf(error));
    return null;
  }
}
