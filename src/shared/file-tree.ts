import { append } from './append.ts';
import { childOf, type ImagePath, parentOf, ROOT } from './image-path.ts';

/** What a path of a root file system is. A hard link is a `file`. */
export type FileType = 'file' | 'directory' | 'symlink' | 'fifo' | 'character-device' | 'block-device';

export type TreeEntry = {
  readonly type: FileType;
  /** Bytes of a regular file; 0 for all else. */
  readonly size: number;
  /** Permission bits with setuid, setgid and sticky: at most `0o7777`. */
  readonly mode: number;
  /** The text of a symbolic link, as stored; null for all else. */
  readonly linkTarget: string | null;
};

/** A root file system to look at: nothing in it is executed, and no name of it becomes a host path. */
export interface FileTree {
  /** The entry at exactly this path; neither its own link nor one on the way is followed. */
  lookup(path: ImagePath): TreeEntry | undefined;
  /** Names in a directory, sorted by bytes; empty where there is no directory. */
  list(directory: ImagePath): readonly string[];
  /**
   * Bytes of the regular file at exactly this path, from `offset`, at most `length`; shorter at its end.
   * @throws RangeError where the path is not a regular file.
   */
  read(path: ImagePath, offset?: number, length?: number): Uint8Array;
}

/** Linux gives up after 40 links, path_resolution(7). */
const MAX_LINKS = 40;

/** A tree need not hold an entry for its own root. */
const ROOT_ENTRY: TreeEntry = { type: 'directory', size: 0, mode: 0o755, linkTarget: null };

export type Resolution = {
  /** Where the path leads, free of links; where it leads nowhere, the first path that is missing. */
  readonly path: ImagePath;
  /** Every symbolic link followed on the way, in order, each by its own place free of links. */
  readonly links: readonly ImagePath[];
  /** What is there; undefined where the path leads nowhere, runs through a file or in a circle. */
  readonly entry: TreeEntry | undefined;
};

/**
 * Follows a path through every symbolic link as the kernel does, path_resolution(7).
 * `followLast: false` leaves a link at the end unfollowed, as lstat(2) does.
 */
export function resolvePath(
  tree: FileTree,
  path: string,
  options: { followLast?: boolean } = {},
): Resolution {
  const { followLast = true } = options;
  const todo = path.split('/').reverse();
  const links: ImagePath[] = [];
  let at = ROOT;
  const root = tree.lookup(ROOT) ?? ROOT_ENTRY;
  let entry: TreeEntry | undefined = root;
  while (todo.length > 0) {
    const name = todo.pop() as string;
    if (name === '' || name === '.') continue;
    if (entry?.type !== 'directory') return { path: at, links, entry: undefined };
    if (name === '..') {
      at = parentOf(at);
      entry = tree.lookup(at) ?? entry;
      continue;
    }
    const next = childOf(at, name);
    const found = tree.lookup(next);
    if (found === undefined) return { path: next, links, entry: undefined };
    if (found.type === 'symlink' && found.linkTarget !== null && (followLast || todo.length > 0)) {
      if (links.length >= MAX_LINKS) return { path: next, links, entry: undefined };
      links.push(next);
      if (found.linkTarget.startsWith('/')) {
        at = ROOT;
        entry = root;
      }
      append(todo, found.linkTarget.split('/').reverse());
      continue;
    }
    at = next;
    entry = found;
  }
  return { path: at, links, entry };
}

/** The whole content of a regular file as UTF-8 text, found through links; undefined where there is none. */
export function readText(tree: FileTree, path: string): string | undefined {
  const found = resolvePath(tree, path);
  if (found.entry?.type !== 'file') return undefined;
  return new TextDecoder().decode(tree.read(found.path));
}

/** Every path below a directory, parents before children, in byte order; links are not followed. */
export function* walk(tree: FileTree, directory: ImagePath = ROOT): Generator<[ImagePath, TreeEntry]> {
  for (const name of tree.list(directory)) {
    const path = childOf(directory, name);
    const entry = tree.lookup(path);
    if (entry === undefined) continue;
    yield [path, entry];
    if (entry.type === 'directory') yield* walk(tree, path);
  }
}
