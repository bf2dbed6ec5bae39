import { constants } from 'node:fs';
import type { FileType } from '../shared/file-tree.ts';
import { type ImagePath, imagePath, ROOT } from '../shared/image-path.ts';

/** One path of a listing: what stat(2) reports. */
export type Listed = {
  readonly path: ImagePath;
  readonly type: FileType;
  readonly size: number;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Seconds since 1970, as is `ctime`. */
  readonly mtime: number;
  readonly ctime: number;
  readonly inode: string;
  readonly links: number;
};

/** stat(1)'s format of a line. The name comes last, since it may hold anything. */
export const STAT_FORMAT = '%f %s %Y %Z %i %u %g %h %n';

const LINE = /^([0-9a-f]+) (\d+) (-?\d+) (-?\d+) (\d+) (\d+) (\d+) (\d+) (\/.*)$/;

/** The types of inode(7). */
const TYPES: ReadonlyMap<number, FileType> = new Map([
  [constants.S_IFIFO, 'fifo'],
  [constants.S_IFCHR, 'character-device'],
  [constants.S_IFDIR, 'directory'],
  [constants.S_IFBLK, 'block-device'],
  [constants.S_IFREG, 'file'],
  [constants.S_IFLNK, 'symlink'],
]);

/**
 * Reads what `stat -c STAT_FORMAT` printed of the paths of a tree, which comes without its root. Undefined where it
 * cannot be understood: a name with a line break or one that is not UTF-8, a socket, a path listed twice, a file with
 * names that are not in it.
 */
export function readListing(text: string): Listed[] | undefined {
  const listed = new Map<ImagePath, Listed>();
  const names = new Map<string, number>();
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const file = readLine(line);
    if (file === undefined || listed.has(file.path)) return undefined;
    if (file.path === ROOT) continue;
    listed.set(file.path, file);
    if (file.type !== 'directory') names.set(file.inode, (names.get(file.inode) ?? 0) + 1);
  }
  for (const { type, links, inode } of listed.values()) {
    if (type !== 'directory' && links !== names.get(inode)) return undefined;
  }
  return [...listed.values()];
}

function readLine(line: string): Listed | undefined {
  const [, bits, size, mtime, ctime, inode, uid, gid, links, name] = LINE.exec(line) ?? [];
  if (bits === undefined || inode === undefined || name === undefined || name.includes('\uFFFD'))
    return undefined;
  const mode = Number.parseInt(bits, 16);
  const type = TYPES.get(mode & constants.S_IFMT);
  if (type === undefined) return undefined;
  return {
    path: imagePath(name),
    type,
    size: type === 'file' ? Number(size) : 0,
    mode: mode & 0o7777,
    uid: Number(uid),
    gid: Number(gid),
    mtime: Number(mtime),
    ctime: Number(ctime),
    inode,
    links: Number(links),
  };
}
