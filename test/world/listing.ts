import { constants } from 'node:fs';
import { STAT_FORMAT } from '../../src/image/file-listing.ts';
import { walk } from '../../src/shared/file-tree.ts';
import { ROOT } from '../../src/shared/image-path.ts';
import type { WorldTree } from './tree.ts';

/** Whether a command line is the listing that the tool makes of an image by a busybox that it adds. */
export function isListing(argv: readonly string[]): boolean {
  return /^\/busybox-[0-9a-f]{16}$/.test(argv[0] ?? '') && argv[3]?.includes(STAT_FORMAT) === true;
}

const BITS = {
  file: constants.S_IFREG,
  directory: constants.S_IFDIR,
  symlink: constants.S_IFLNK,
  fifo: constants.S_IFIFO,
  'character-device': constants.S_IFCHR,
  'block-device': constants.S_IFBLK,
} as const;

const LEFT_OUT = /^\/(?:dev|proc|sys|busybox-[0-9a-f]{16})(?:\/|$)/;

/** What the listing prints of a tree. */
export function listingOf(tree: WorldTree, argv: readonly string[]): string {
  const lines: string[] = [];
  const inodes = new Map<string, number>();
  const entries = [...walk(tree, ROOT)].filter(([path]) => path !== ROOT && !LEFT_OUT.test(path));
  const places = entries.map(([path]) => tree.placeOf(path));
  for (const [at, [path]] of entries.entries()) {
    const entry = tree.lookup(path);
    if (entry === undefined) continue;
    const place = places[at] as string;
    const inode = inodes.get(place) ?? inodes.size + 1;
    inodes.set(place, inode);
    const links = places.filter((other) => other === place).length;
    const { type, mode, size, mtime, uid, gid } = entry;
    const bits = (BITS[type] | mode).toString(16);
    lines.push([bits, size, mtime, mtime, inode, uid, gid, links, path].join(' '));
  }
  return `${lines.join('\n')}\n= ${argv[0]} 1700000000\n`;
}
