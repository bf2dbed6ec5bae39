import { existsSync, lstatSync, mkdirSync, rmdirSync, rmSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { inDirectory } from './held-directory.ts';
import { type Bounds, isAbsent, nameWithin, plainPathWithin, refused } from './inside.ts';
import { statPath } from './read.ts';
import { storeError } from './store-error.ts';

/**
 * Removes a directory below a root with all that is in it; links in it go, and not what they point at.
 * @throws UserError `refused` for the root itself, what is above it, and what lies behind a link.
 */
export function removeTree(path: string, { root }: Bounds): void {
  if (statPath(dirname(resolve(path))) === null) return;
  inDirectory(dirname(resolve(path)), root, (at) =>
    rmSync(join(at, basename(resolve(path))), { recursive: true, force: true }),
  );
}

/** Removes a directory below a root, where nothing is in it. */
export function removeEmptyDirectory(path: string, { root }: Bounds): void {
  try {
    inDirectory(dirname(resolve(path)), root, (at) => rmdirSync(join(at, basename(resolve(path)))));
  } catch (error) {
    const kept = ['ENOTEMPTY', 'EEXIST', 'EBUSY', 'ENOTDIR', 'ENOENT'];
    if (!kept.includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

/**
 * Makes a directory below a root, with those above it. Whether it was not there.
 * @throws UserError `refused` where a link or a file is in the way.
 */
export function makeDirectory(path: string, { root }: Bounds): boolean {
  let at = resolve(root);
  let isNew = false;
  for (const name of relative(at, resolve(path)).split(sep)) {
    if (name === '') continue;
    const parent = at;
    at = join(at, name);
    isNew = inDirectory(parent, root, (held) => makeOne(join(held, name), nameWithin(root, at)));
    if (plainPathWithin(root, at) === null || !lstatSync(at).isDirectory())
      throw refused(root, at, 'it is not a directory');
  }
  return isNew;
}

/**
 * Makes a directory that the user has named, with those above it; links above it are the user's. Whether it was not
 * there. Node's own recursive mkdir never returns below /proc.
 * @throws UserError `refused` where nothing can be made there; see `storeError`.
 */
export function makeUpwards(path: string, mode: number): boolean {
  const directory = resolve(path);
  if (existsSync(directory)) return false;
  if (dirname(directory) !== directory) makeUpwards(dirname(directory), mode);
  try {
    mkdirSync(directory, mode);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    if (isAbsent(error)) throw refused(directory, directory, 'kraft-slim cannot make a directory there');
    throw storeError(error, directory);
  }
}

function makeOne(path: string, what: string): boolean {
  try {
    mkdirSync(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw storeError(error, what);
  }
}
