import { dirname } from 'node:path/posix';
import type { Readable } from 'node:stream';
import { allEntries } from '../../src/image/unpack-tar.ts';
import { type FileTree, resolvePath, type TreeEntry } from '../../src/shared/file-tree.ts';
import {
  baseName,
  comparePaths,
  type ImagePath,
  imagePath,
  parentOf,
  ROOT,
} from '../../src/shared/image-path.ts';
import type { RootfsFile, RootfsTable } from '../support/rootfs.ts';

/** The entries of a world's tree, with what `COPY` carries over. */
export type WorldEntry = TreeEntry & { readonly uid: number; readonly gid: number; readonly mtime: number };

/** A file system in memory, which programs read and write: a `RootfsTable` that the kernel's rules hold for. */
export class WorldTree implements FileTree {
  readonly #table: Map<ImagePath, RootfsTable[string]>;
  #children: Map<ImagePath, string[]> | null = null;

  constructor(table: RootfsTable = {}) {
    this.#table = new Map();
    for (const [name, value] of Object.entries(table)) this.put(imagePath(name), value);
  }

  /** The tree as a table again, parents before what they hold. */
  table(): RootfsTable {
    return Object.fromEntries(this.#table);
  }

  copy(): WorldTree {
    const copied = new WorldTree();
    for (const [path, value] of this.#table) copied.#table.set(path, value);
    return copied;
  }

  put(path: ImagePath, value: RootfsTable[string]): void {
    this.#children = null;
    for (const parent of parentsOf(path)) if (!this.#table.has(parent)) this.#table.set(parent, 'directory');
    // the model of COPY takes a bare text for a directory
    this.#table.set(path, typeof value === 'string' && isText(value) ? { content: value } : value);
  }

  remove(path: ImagePath): void {
    this.#children = null;
    for (const name of this.#table.keys()) {
      if (name === path || name.startsWith(`${path}/`)) this.#table.delete(name);
    }
  }

  lookup(path: ImagePath): WorldEntry | undefined {
    const value = this.#table.get(path);
    return value === undefined ? undefined : this.#entryOf(value);
  }

  list(directory: ImagePath): readonly string[] {
    this.#children ??= childrenOf(this.#table.keys());
    return this.#children.get(directory) ?? [];
  }

  read(path: ImagePath, offset = 0, length = Number.POSITIVE_INFINITY): Uint8Array {
    const { content } = this.#fileAt(path);
    return Buffer.from(content).subarray(offset, offset + length);
  }

  /** Where a path's content is: the first of its names. */
  placeOf(path: ImagePath): ImagePath {
    const value = this.#table.get(path);
    return typeof value === 'string' && value.startsWith('link ') ? imagePath(value.slice(5)) : path;
  }

  /** Unpacks a tar as a container's archive or a build context. */
  async unpack(tar: Readable): Promise<void> {
    for await (const { header, content } of allEntries(tar)) {
      const { name, type, linkname, mode = 0o644, uid = 0, gid = 0, mtime } = header;
      const isBelow = resolvePath(this, dirname(`/${name}`)).entry !== undefined;
      // a tar may name a file before its directory
      const path = isBelow ? resolvePath(this, name, { followLast: false }).path : imagePath(`/${name}`);
      if (path === ROOT) continue;
      if (type === 'symlink') this.put(path, `symlink ${linkname ?? ''}`);
      else if (type === 'directory') this.put(path, `directory ${mode.toString(8)}`);
      else if (type === 'link') this.put(path, `link ${imagePath(linkname ?? '')}`);
      else if (type === 'file' || type === undefined) {
        const chunks: Uint8Array[] = [];
        for await (const chunk of content) chunks.push(chunk as Uint8Array);
        const bytes = Buffer.concat(chunks);
        const seconds = Math.floor((mtime?.getTime() ?? 0) / 1000);
        this.put(path, { content: bytes, mode, uid, gid, mtime: seconds });
      } else throw new Error(`the world cannot unpack ${name}: it is a ${type}`);
    }
  }

  #entryOf(value: RootfsTable[string]): WorldEntry {
    const nothing = { size: 0, linkTarget: null, uid: 0, gid: 0, mtime: 0 };
    if (typeof value !== 'string' || isText(value)) {
      const { content, mode = 0o644, uid = 0, gid = 0, mtime = 0 } = fileOf(value);
      return { type: 'file', size: Buffer.from(content).length, mode, uid, gid, mtime, linkTarget: null };
    }
    const [, type = '', rest = ''] = SPECIAL.exec(value) ?? [];
    if (type === 'symlink') return { ...nothing, type, mode: 0o777, linkTarget: rest };
    if (type === 'fifo') return { ...nothing, type, mode: 0o644 };
    if (type === 'directory') return { ...nothing, type, mode: Number.parseInt(rest || '755', 8) };
    const target = this.lookup(imagePath(rest));
    if (target === undefined) throw new Error(`the world cannot follow a hard link: ${rest} is missing`);
    return target;
  }

  #fileAt(path: ImagePath): RootfsFile {
    const value = this.#table.get(path);
    if (typeof value === 'string' && value.startsWith('link '))
      return this.#fileAt(imagePath(value.slice(5)));
    if (value === undefined || (typeof value === 'string' && !isText(value))) {
      throw new RangeError(`cannot read ${path}: not a regular file`);
    }
    return fileOf(value);
  }
}

const SPECIAL = /^(symlink|link|fifo|directory)(?: (.*))?$/s;

const isText = (value: string) => !SPECIAL.test(value);

function fileOf(value: RootfsTable[string]): RootfsFile {
  return typeof value === 'string' || value instanceof Uint8Array ? { content: value } : value;
}

function parentsOf(path: ImagePath): ImagePath[] {
  const parents: ImagePath[] = [];
  for (let at = parentOf(path); at !== ROOT; at = parentOf(at)) parents.unshift(at);
  return parents;
}

function childrenOf(paths: Iterable<ImagePath>): Map<ImagePath, string[]> {
  const children = new Map<ImagePath, string[]>();
  for (const path of paths) {
    const siblings = children.get(parentOf(path));
    if (siblings === undefined) children.set(parentOf(path), [baseName(path)]);
    else siblings.push(baseName(path));
  }
  for (const names of children.values()) names.sort(comparePaths);
  return children;
}
