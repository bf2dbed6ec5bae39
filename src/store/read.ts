import {
  closeSync,
  constants,
  createReadStream,
  type Dirent,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
  type Stats,
  statSync,
} from 'node:fs';
import { lstat } from 'node:fs/promises';
import { UserError } from '../shared/failure.ts';
import { decodeName } from '../shared/file-name.ts';
import { comparePaths } from '../shared/image-path.ts';
import { type Bounds, describeType, isAbsent, nameWithin, realPathWithin, refused } from './inside.ts';
import { FILE_LIMITS, type FileKind, showLimit } from './limits.ts';

/** A regular file that is open for reading; disposing of it closes it. */
export type OpenFile = Disposable & {
  readonly descriptor: number;
  readonly size: number;
  readonly mode: number;
};

/** What is in a directory, with its type; of a link it is that of the link. */
export type DirectoryEntry = Dirent;

export type ReadOptions = Bounds & {
  /** What the file is: decides its limit. */
  readonly kind: FileKind;
  /** A limit below that of the kind, in bytes. */
  readonly maxBytes?: number;
};

/**
 * Opens a regular file below a root; null where nothing is there. Links are followed as long as they stay below the
 * root. Neither a pipe nor a device is opened, so that none of them blocks; what is open is looked at again, since the
 * path may lead elsewhere by then.
 * @throws UserError `refused` for a way out of the root, and for what is no regular file.
 */
export function openFile(path: string, { root }: Bounds): OpenFile | null {
  const real = realPathWithin(root, path);
  if (real === null) return null;
  let descriptor: number;
  try {
    insistOnFile(root, path, lstatSync(real));
    descriptor = openSync(real, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if (isAbsent(error)) return null;
    throw error;
  }
  try {
    const stats = fstatSync(descriptor);
    insistOnFile(root, path, stats);
    if (!isAt(descriptor, real, stats)) throw refused(root, path, 'it was moved while kraft-slim opened it');
    const close = () => closeSync(descriptor);
    return { descriptor, size: stats.size, mode: stats.mode & 0o7777, [Symbol.dispose]: close };
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
}

function insistOnFile(root: string, path: string, stats: Stats): void {
  if (!stats.isFile()) throw refused(root, path, `it is ${describeType(stats)}, not a regular file`);
}

/** Whether an open file is the file of a path; proc(5) says so, and elsewhere its inode does. */
function isAt(descriptor: number, real: string, { dev, ino }: Stats): boolean {
  try {
    return readlinkSync(`/proc/self/fd/${descriptor}`) === real;
  } catch {
    const now = statSync(real, { throwIfNoEntry: false });
    return now?.dev === dev && now.ino === ino;
  }
}

/**
 * The bytes of a regular file below a root; null where nothing is there.
 * @throws UserError `refused` as `openFile` does, `limit-exceeded` where it is larger than its kind may be.
 */
export function readBytes(path: string, options: ReadOptions): Buffer | null {
  using file = openFile(path, options);
  if (file === null) return null;
  const { kind, root, maxBytes = FILE_LIMITS[kind] } = options;
  const tooLarge = () =>
    new UserError(
      'limit-exceeded',
      `cannot read ${nameWithin(root, path)}: it has more than ${showLimit(maxBytes)}, the limit of a ${kind}`,
      { hint: 'make the file smaller' },
    );
  // a file may grow while it is read: what was read counts
  const chunks: Buffer[] = [];
  for (let bytes = 0; ; ) {
    const chunk = Buffer.allocUnsafe(Math.min(Math.max(file.size - bytes, 0) + 1, 1 << 20));
    const length = readSync(file.descriptor, chunk, 0, chunk.length, null);
    if (length === 0) return Buffer.concat(chunks);
    bytes += length;
    if (bytes > maxBytes) throw tooLarge();
    chunks.push(chunk.subarray(0, length));
  }
}

/** The text of a regular file below a root, see `readBytes`; what is not UTF-8 becomes U+FFFD. */
export function readText(path: string, options: ReadOptions): string | null {
  return readBytes(path, options)?.toString('utf8') ?? null;
}

/**
 * The content of a regular file below a root, of any size, piece by piece; a file that is gone is an error. The file is
 * opened when the first piece is asked for, after a first look that gives way: by then a reader hears that it fails.
 * @throws UserError as `openFile` does.
 */
export async function* contentPieces(
  path: string,
  bounds: Bounds,
  pieceBytes = 1 << 16,
): AsyncGenerator<Buffer> {
  await lstat(path).catch(() => undefined);
  const file = openFile(path, bounds);
  if (file === null) throw new Error('the file is gone');
  yield* createReadStream('', { fd: file.descriptor, highWaterMark: pieceBytes }) as AsyncIterable<Buffer>;
}

/** Bytes of a regular file below a root, from `offset`, `length` at most; shorter at its end. */
export function readRange(path: string, bounds: Bounds, [offset, length]: readonly [number, number]): Buffer {
  using file = openFile(path, bounds);
  if (file === null) throw new Error('the file is gone');
  const bytes = Buffer.alloc(Math.max(0, Math.min(length, file.size - offset)));
  return bytes.subarray(
    0,
    bytes.length === 0 ? 0 : readSync(file.descriptor, bytes, 0, bytes.length, offset),
  );
}

/**
 * What is in a directory below a root, in byte order; null where there is no directory. A name that is not UTF-8 keeps
 * its bytes, see `decodeName`; no path with it leads anywhere.
 * @throws UserError `refused` where it leads out of the root.
 */
export function listDirectory(path: string, { root }: Bounds): Dirent[] | null {
  const real = realPathWithin(root, path);
  if (real === null) return null;
  try {
    return readdirSync(real, { withFileTypes: true, encoding: 'buffer' })
      .map((entry) => Object.assign(Object.create(entry) as Dirent, { name: decodeName(entry.name) }))
      .sort((a, b) => comparePaths(a.name, b.name));
  } catch (error) {
    if (isAbsent(error)) return null;
    throw error;
  }
}

/** See `listDirectory`: empty where there is no directory, or none that may be looked at. */
export function listOrNone(path: string, root: string): Dirent[] {
  try {
    return listDirectory(path, { root }) ?? [];
  } catch {
    return [];
  }
}

/**
 * What a path below a root is, links followed; null where nothing is there.
 * @throws UserError `refused` where it leads out of the root.
 */
export function statWithin(path: string, { root }: Bounds): Stats | null {
  const real = realPathWithin(root, path);
  return real === null ? null : statPath(real);
}

/** What a path itself is, no last link followed; null where nothing is there. Nothing of it is read. */
export function statPath(path: string): Stats | null {
  try {
    return lstatSync(path);
  } catch (error) {
    if (isAbsent(error)) return null;
    throw error;
  }
}

/** The text of a link, as stored. */
export function linkTarget(path: string): string {
  return readlinkSync(path);
}
