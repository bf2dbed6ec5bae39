import type { FileTree, TreeEntry } from '../../src/shared/file-tree.ts';
import {
  ancestorsOf,
  baseName,
  comparePaths,
  type ImagePath,
  imagePath,
  parentOf,
  ROOT,
} from '../../src/shared/image-path.ts';

/**
 * A root file system written as a table: `'symlink TARGET'`, `'directory'` (optionally `'directory 1777'`),
 * or the bytes of a regular file; `{ content, mode }` where the mode matters. Parents are made on the way.
 */
export type TreeTable = Readonly<
  Record<string, string | Uint8Array | { content: string | Uint8Array; mode: number }>
>;

export function memoryTree(table: TreeTable): FileTree {
  const entries = new Map<ImagePath, TreeEntry>();
  const contents = new Map<ImagePath, Uint8Array>();
  const add = (path: ImagePath, entry: TreeEntry) => {
    for (const directory of ancestorsOf(path)) {
      if (!entries.has(directory)) entries.set(directory, directoryEntry(0o755));
    }
    entries.set(path, entry);
  };
  for (const [name, value] of Object.entries(table)) {
    const path = imagePath(name);
    if (typeof value === 'string' && value.startsWith('symlink ')) {
      add(path, { type: 'symlink', size: 0, mode: 0o777, linkTarget: value.slice('symlink '.length) });
    } else if (typeof value === 'string' && /^directory( [0-7]+)?$/.test(value)) {
      add(path, directoryEntry(Number.parseInt(value.split(' ')[1] ?? '755', 8)));
    } else {
      const { content, mode } =
        typeof value === 'object' && 'content' in value ? value : { content: value, mode: 0o644 };
      const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
      contents.set(path, bytes);
      add(path, { type: 'file', size: bytes.length, mode, linkTarget: null });
    }
  }
  const children = new Map<ImagePath, string[]>();
  for (const path of [...entries.keys()].sort(comparePaths)) {
    if (path === ROOT) continue;
    const parent = parentOf(path);
    children.set(parent, [...(children.get(parent) ?? []), baseName(path)]);
  }
  return {
    lookup: (path) => entries.get(path),
    list: (directory) => children.get(directory) ?? [],
    read(path, offset = 0, length = Number.POSITIVE_INFINITY) {
      const bytes = contents.get(path);
      if (bytes === undefined) throw new RangeError(`not a regular file: ${path}`);
      return bytes.subarray(offset, offset + length);
    },
  };
}

function directoryEntry(mode: number): TreeEntry {
  return { type: 'directory', size: 0, mode, linkTarget: null };
}
