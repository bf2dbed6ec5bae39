import { closeSync, lstatSync, openSync, readdirSync, readlinkSync, readSync, type Stats } from 'node:fs';
import type { FileTree, FileType, TreeEntry } from '../shared/file-tree.ts';
import { comparePaths, type ImagePath } from '../shared/image-path.ts';

/** The host's own root file system, to look at: where the tracer's strace is taken from. */
export const hostTree: FileTree = {
  lookup(path) {
    const stats = lstatSync(path, { throwIfNoEntry: false });
    const type = stats === undefined ? undefined : typeOf(stats);
    return stats === undefined || type === undefined ? undefined : entryOf(path, stats, type);
  },
  list(directory) {
    const isDirectory = lstatSync(directory, { throwIfNoEntry: false })?.isDirectory() ?? false;
    return isDirectory ? readdirSync(directory).sort(comparePaths) : [];
  },
  read(path, offset = 0, length = Number.POSITIVE_INFINITY) {
    const descriptor = openSync(path, 'r');
    try {
      const size = lstatSync(path).size;
      const bytes = Buffer.alloc(Math.max(0, Math.min(length, size - offset)));
      return bytes.subarray(0, readSync(descriptor, bytes, 0, bytes.length, offset));
    } finally {
      closeSync(descriptor);
    }
  },
};

function entryOf(path: ImagePath, stats: Stats, type: FileType): TreeEntry {
  return {
    type,
    size: type === 'file' ? stats.size : 0,
    mode: stats.mode & 0o7777,
    linkTarget: type === 'symlink' ? readlinkSync(path) : null,
  };
}

/** Undefined for a socket, which no root file system holds. */
function typeOf(stats: Stats): FileType | undefined {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'directory';
  if (stats.isSymbolicLink()) return 'symlink';
  if (stats.isFIFO()) return 'fifo';
  if (stats.isCharacterDevice()) return 'character-device';
  return stats.isBlockDevice() ? 'block-device' : undefined;
}
