import { closeSync, existsSync, openSync, readlinkSync, realpathSync, type Stats } from 'node:fs';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { UserError } from '../shared/failure.ts';

/** The directory that a path must not leave: of a catalog, or of state. */
export type Bounds = {
  /** Host path of the directory. */
  readonly root: string;
};

/** Whether a path is a directory or lies below it, by the words of both alone; links are not looked at. */
export function isWithin(root: string, path: string): boolean {
  const way = relative(resolve(root), resolve(path));
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** How messages name a path: relative to its root, where it lies below. */
export function nameWithin(root: string, path: string): string {
  return isWithin(root, path) ? relative(resolve(root), resolve(path)) || '.' : path;
}

/**
 * Where a path really is, links followed; null where nothing is there, or no file can have such a name.
 * @throws UserError `refused` where that is outside of the root, by its words or by a link.
 */
export function realPathWithin(root: string, path: string): string | null {
  if (!isWithin(root, path)) throw refused(root, path, 'it lies outside of the catalog');
  const top = realPath(root, root);
  const real = realPath(root, path);
  if (top === null || real === null) return null;
  if (!isWithin(top, real)) throw refused(root, path, 'it is a link that leads out of the catalog');
  if (isOfGit(relative(top, real))) throw refused(root, path, 'it belongs to git');
  return real;
}

/**
 * Where a path is if no link lies between the root and it, the path itself included; null where nothing is there.
 * @throws UserError `refused` where there is a link.
 */
export function plainPathWithin(root: string, path: string): string | null {
  const real = realPathWithin(root, path);
  if (real === null) return null;
  if (real !== join(realPath(root, root) ?? root, relative(resolve(root), resolve(path))))
    throw refused(root, path, 'it is a link, or lies behind a link');
  return real;
}

/** Whether a path lies in git's own directory, where tokens are kept; some file systems know no case. */
export function isOfGit(path: string): boolean {
  return path.split(sep).some((name) => name.toLowerCase() === '.git');
}

/** Where a path really is; the path itself where nothing is there. For comparing alone. */
export function realOrSame(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    return path;
  }
}

/** What is no regular file, in words. */
export function describeType(stats: Stats): string {
  if (stats.isDirectory()) return 'a directory';
  if (stats.isSymbolicLink()) return 'a link';
  if (stats.isFIFO()) return 'a pipe';
  return stats.isSocket() ? 'a socket' : 'a device';
}

/** The one error of a path that a catalog must not have; its text holds nothing of a file. */
export function refused(root: string, path: string, why: string): UserError {
  return new UserError('refused', `cannot use ${root === path ? path : nameWithin(root, path)}: ${why}`, {
    hint: 'put the file itself into the entry',
  });
}

/** Whether a file system call failed because nothing can be at the path: not there, or no name for a file. */
export function isAbsent(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException | null)?.code ?? '';
  return ['ENOENT', 'ENOTDIR', 'ENAMETOOLONG', 'ERR_INVALID_ARG_VALUE'].includes(code);
}

function realPath(root: string, path: string): string | null {
  try {
    return CAN_HOLD ? heldPath(path) : realpathSync.native(path);
  } catch (error) {
    if (isAbsent(error)) return null;
    if ((error as NodeJS.ErrnoException).code === 'ELOOP')
      throw refused(root, path, 'its links lead in a circle');
    throw error;
  }
}

/** Linux's O_PATH, open(2): it names a place, and opens nothing there, so that neither a pipe nor a device notices. */
const O_PATH = 0o10000000;

const CAN_HOLD = process.platform === 'linux' && existsSync('/proc/self/fd');

/**
 * Where a path is by the kernel's word, proc(5). realpath(3) asks about each directory on the way by its whole path:
 * the time for a directory a thousand levels down is quadratic, and for a walk to it cubic.
 */
function heldPath(path: string): string {
  const descriptor = openSync(path, O_PATH);
  try {
    return readlinkSync(`/proc/self/fd/${descriptor}`);
  } finally {
    closeSync(descriptor);
  }
}
