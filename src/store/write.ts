import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  fchmodSync,
  fsyncSync,
  lstatSync,
  openSync,
  readdirSync,
  renameSync,
  symlinkSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { isAlive } from '../shared/process.ts';
import { inDirectory } from './held-directory.ts';
import { type Bounds, isAbsent, isWithin, nameWithin, realPathWithin, refused } from './inside.ts';
import { contentPieces, readBytes, statPath } from './read.ts';
import { storeError } from './store-error.ts';

/** What the names of files end with that are not in their place yet. */
export const NEW_SUFFIX = '.kraft-slim-new';

/** Of a file that was not there. */
const NEW_MODE = 0o644;

export type FileWriteOptions = Bounds & {
  /** Permission bits. Default 0o644. */
  readonly mode?: number;
};

/** A file beside its place, whole and on the disk. */
export type WaitingFile = {
  /** Host path, beside the file whose place it takes. */
  readonly path: string;
  /** Moves it to a path of the same directory; what is there goes. */
  readonly moveTo: (path: string) => void;
  /** Removes it, where it was not moved. */
  readonly discard: () => void;
};

/**
 * Writes a new file beside a path: under a random name, made exclusively, with its mode set through its descriptor.
 * Nothing that is there is opened, so that no link is written through.
 * @throws UserError `refused` where the directory is not really the directory that its path names; see `storeError`.
 */
export function writeBeside(
  path: string,
  content: string | Uint8Array,
  options: FileWriteOptions,
): WaitingFile {
  const { root, mode = NEW_MODE } = options;
  const stem = `.${basename(path).slice(0, 100)}.`;
  const name = `${stem}${process.pid}-${randomBytes(8).toString('hex')}${NEW_SUFFIX}`;
  const waiting = join(dirname(path), name);
  const discard = () => removeFile(waiting, { root });
  try {
    inDirectory(dirname(path), root, (at) => {
      removeStale(at, stem);
      writeNew(join(at, name), content, mode);
    });
  } catch (error) {
    throw storeError(error, nameWithin(root, path));
  }
  const moveTo = (to: string) => moveFile(waiting, to, { root });
  return { path: waiting, moveTo, discard };
}

/** Removes what processes have left that were killed before they could move it. */
function removeStale(directory: string, stem: string): void {
  for (const name of readdirSync(directory)) {
    const [, pid] = (name.startsWith(stem) && STALE.exec(name.slice(stem.length))) || [];
    if (pid !== undefined && !isAlive(Number(pid))) unlinkSync(join(directory, name));
  }
}

const STALE = new RegExp(`^(\\d+)-[0-9a-f]{16}${NEW_SUFFIX.replaceAll('.', '\\.')}$`);

/** Makes a file, which must not be there, and writes it to the disk; one that cannot be written whole goes again. */
function writeNew(path: string, content: string | Uint8Array, mode: number): void {
  const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;
  const descriptor = openSync(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
  try {
    const bytes = Buffer.from(content);
    for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at);
    fchmodSync(descriptor, mode & 0o7777);
    fsyncSync(descriptor);
  } catch (error) {
    unlinkSync(path);
    throw error;
  } finally {
    closeSync(descriptor);
  }
}

/** Writes a file as a whole or not at all; a link in its place is replaced, never followed. */
export function replaceFile(path: string, content: string | Uint8Array, options: FileWriteOptions): void {
  const waiting = writeBeside(path, content, options);
  try {
    waiting.moveTo(path);
  } catch (error) {
    waiting.discard();
    throw error;
  }
}

/** Writes a file that is not there. Whether it did. */
export function createFile(path: string, content: string | Uint8Array, options: FileWriteOptions): boolean {
  const { root, mode = NEW_MODE } = options;
  try {
    inDirectory(dirname(path), root, (at) => writeNew(join(at, basename(path)), content, mode));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw storeError(error, nameWithin(root, path));
  }
}

/** Appends to a regular file that `replaceFile` has written. */
export function appendToFile(
  path: string,
  text: string,
  { root, sync }: Bounds & { readonly sync: boolean },
): void {
  const { O_WRONLY, O_APPEND, O_NOFOLLOW, O_NONBLOCK } = constants;
  try {
    inDirectory(dirname(path), root, (at) => {
      const descriptor = openSync(join(at, basename(path)), O_WRONLY | O_APPEND | O_NOFOLLOW | O_NONBLOCK);
      try {
        const bytes = Buffer.from(text);
        for (let done = 0; done < bytes.length; ) done += writeSync(descriptor, bytes, done);
        if (sync) fsyncSync(descriptor);
      } finally {
        closeSync(descriptor);
      }
    });
  } catch (error) {
    throw storeError(error, nameWithin(root, path));
  }
}

/** Moves a file within its directory; what is at the new path goes, and a link there is not followed. */
export function moveFile(from: string, to: string, { root }: Bounds): void {
  if (dirname(resolve(from)) !== dirname(resolve(to)))
    throw new Error(`cannot move ${from}: ${to} is in another directory`);
  try {
    inDirectory(dirname(from), root, (at, descriptor) => {
      renameSync(join(at, basename(from)), join(at, basename(to)));
      fsyncSync(descriptor);
    });
  } catch (error) {
    throw storeError(error, nameWithin(root, to));
  }
}

/** Removes a file or a link, where it is there; what a link points at stays. */
export function removeFile(path: string, { root }: Bounds): void {
  try {
    inDirectory(dirname(path), root, (at) => unlinkSync(join(at, basename(path))));
  } catch (error) {
    if (!isAbsent(error)) throw storeError(error, nameWithin(root, path));
  }
}

/** Copies a regular file of any size to a path where nothing is, with its mode. */
export async function copyFile(from: string, to: string, { root }: Bounds): Promise<void> {
  const mode = statPath(from)?.mode ?? NEW_MODE;
  const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;
  const descriptor = inDirectory(dirname(to), root, (at) =>
    openSync(join(at, basename(to)), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600),
  );
  try {
    for await (const chunk of contentPieces(from, { root })) {
      const bytes = chunk as Buffer;
      for (let done = 0; done < bytes.length; ) done += writeSync(descriptor, bytes, done);
    }
    fchmodSync(descriptor, mode & 0o7777);
  } catch (error) {
    throw storeError(error, nameWithin(root, to));
  } finally {
    closeSync(descriptor);
  }
}

/** Makes a link where nothing is; what it points at is not looked at. */
export function makeLink(target: string, path: string, { root }: Bounds): void {
  inDirectory(dirname(path), root, (at) => symlinkSync(target, join(at, basename(path))));
}

/**
 * Where a file is written that a catalog may have as a link: what it points at, if that lies in the same directory, or
 * below; else the path itself.
 * @throws UserError `refused` for a link to anywhere else, and for what is no regular file.
 */
export function writeTarget(path: string, { root }: Bounds): string {
  const stats = statPath(path);
  if (stats === null) return path;
  if (!stats.isSymbolicLink()) {
    if (stats.isFile()) return path;
    throw refused(root, path, 'it is not a regular file');
  }
  const directory = realPathWithin(root, dirname(path));
  const real = realPathWithin(root, path);
  if (real === null || directory === null) throw refused(root, path, 'it is a link to nothing');
  if (!isWithin(directory, real)) throw refused(root, path, 'it is a link out of the directory of its entry');
  if (!lstatSync(real).isFile()) throw refused(root, path, 'it is a link to what is not a regular file');
  return join(dirname(path), relative(directory, real));
}

/**
 * Saves a file beside itself under another name, unless something has that name. Whether it did.
 * @param kind what the file is
 */
export function saveBeside(path: string, name: string, options: Parameters<typeof readBytes>[1]): boolean {
  const bytes = readBytes(path, options);
  const mode = statPath(path)?.mode ?? NEW_MODE;
  return bytes !== null && createFile(join(dirname(path), name), bytes, { root: options.root, mode });
}
