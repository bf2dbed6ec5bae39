import type { Rootfs } from '../../../src/image/rootfs.ts';
import { type ImagePath, imagePath } from '../../../src/shared/image-path.ts';

/**
 * Paths below a directory, in one line each: `symlink TARGET`, `link /FIRST-NAME`, else type, mode and owner, `old`
 * for what was last changed on the second day of 1970, and the text of a file without its last line break.
 */
export type Tree = Readonly<Record<string, string>>;

const OLD = 86400;

/** What is below a directory. */
export function treeBelow(rootfs: Rootfs, directory: string): Tree {
  const below = [...rootfs.entries()].filter(([path]) => path.startsWith(`${directory}/`));
  const nameOf = (path: string) => path.slice(directory.length);
  return Object.fromEntries(below.map(([path]) => [nameOf(path), lineOf(rootfs, path, nameOf)]));
}

function lineOf(rootfs: Rootfs, path: ImagePath, nameOf: (path: string) => string): string {
  const entry = rootfs.lookup(path);
  if (entry === undefined) throw new RangeError(`no such path: ${path}`);
  const { type, mode, uid, gid, mtime, linkTarget, hardLinkTo } = entry;
  if (type === 'symlink') return `symlink ${linkTarget}`;
  if (hardLinkTo !== null) return `link ${nameOf(hardLinkTo)}`;
  const head = `${type} ${mode.toString(8)} ${uid}:${gid}${mtime === OLD ? ' old' : ''}`;
  return type === 'file' ? `${head} ${textOf(rootfs, path)}` : head;
}

/** A file's text without the line break at its end. */
export function textOf(rootfs: Rootfs, path: string): string {
  return Buffer.from(rootfs.read(imagePath(path)))
    .toString()
    .replace(/\n$/, '');
}
