import type { Readable } from 'node:stream';
import { disposeAll } from '../shared/dispose-all.ts';
import type { FileTree } from '../shared/file-tree.ts';
import { baseName, comparePaths, type ImagePath, parentOf, ROOT } from '../shared/image-path.ts';
import type { RootfsEntry } from './rootfs-entry.ts';
import { Spool } from './spool.ts';
import { spoolTar } from './spool-tar.ts';

/** `files` counts every path but directories; `bytes` adds up regular files, a hard-linked file once. */
export type Size = { readonly files: number; readonly bytes: number };

/** Where the content of a file is. */
export type Placed = { readonly spool: Spool; readonly offset: number };

/**
 * A root file system, spooled once as tar files on the host and read from there in ranges. Nothing is
 * unpacked, so no name in it becomes a path of the host. Disposing of it lets go of its spools.
 */
export class Rootfs implements FileTree, AsyncDisposable {
  readonly #spools: Spool[];
  readonly #entries: ReadonlyMap<ImagePath, RootfsEntry>;
  readonly #placeOf: (entry: RootfsEntry) => Placed;
  readonly #children = new Map<ImagePath, string[]>();

  /** Reads a tar stream to its end; `spool` is a path for a new file of the host. */
  static async fromTar(tar: Readable, path: string): Promise<Rootfs> {
    const entries = await spoolTar(tar, path);
    const spool = new Spool(path);
    return new Rootfs(entries, { spools: [spool], placeOf: ({ offset }) => ({ spool, offset }) });
  }

  /**
   * Over what was spooled already; holds the spools as its own. `placeOf` knows links, and the first names of regular
   * files.
   */
  constructor(
    entries: ReadonlyMap<ImagePath, RootfsEntry>,
    {
      spools,
      placeOf,
    }: { readonly spools: readonly Spool[]; readonly placeOf: (entry: RootfsEntry) => Placed },
  ) {
    this.#entries = entries;
    this.#spools = [...spools];
    this.#placeOf = placeOf;
    for (const path of entries.keys()) {
      if (path === ROOT) continue;
      const siblings = this.#children.get(parentOf(path));
      if (siblings === undefined) this.#children.set(parentOf(path), [baseName(path)]);
      else siblings.push(baseName(path));
    }
    for (const names of this.#children.values()) names.sort(comparePaths);
  }

  lookup(path: ImagePath): RootfsEntry | undefined {
    return this.#entries.get(path);
  }

  list(directory: ImagePath): readonly string[] {
    return this.#children.get(directory) ?? [];
  }

  /** Every path, in the order of the tar; the root itself is left out. */
  entries(): Iterable<[ImagePath, RootfsEntry]> {
    return this.#entries;
  }

  read(path: ImagePath, offset = 0, length = Number.POSITIVE_INFINITY): Uint8Array {
    const entry = this.#contentOf(path);
    const { spool, offset: start } = this.#placeOf(entry);
    return spool.read(start + offset, Math.max(0, Math.min(length, entry.size - offset)));
  }

  /** The SHA-256 of a regular file, hexadecimal; read once. */
  hash(path: ImagePath): string {
    const entry = this.#contentOf(path);
    const { spool, offset } = this.#placeOf(entry);
    return spool.hash(offset, entry.size);
  }

  /** Where a regular file, or the description of a link, is spooled: for another root file system that has it too. */
  placeOf(path: ImagePath): Placed {
    const entry = this.#entries.get(path);
    return this.#placeOf(entry?.type === 'symlink' ? entry : this.#contentOf(path));
  }

  /** The size of the whole, or of the given paths. */
  size(paths: Iterable<ImagePath> = this.#entries.keys()): Size {
    let files = 0;
    let bytes = 0;
    const counted = new Set<ImagePath>();
    for (const path of paths) {
      const entry = this.#entries.get(path);
      if (entry === undefined || entry.type === 'directory') continue;
      files += 1;
      const at = entry.hardLinkTo ?? path;
      if (entry.type !== 'file' || counted.has(at)) continue;
      counted.add(at);
      bytes += entry.size;
    }
    return { files, bytes };
  }

  /** The entry of a file's first name. */
  #contentOf(path: ImagePath): RootfsEntry {
    const entry = this.#entries.get(path);
    if (entry?.type !== 'file') throw new RangeError(`cannot read ${path}: not a regular file`);
    return entry.hardLinkTo === null ? entry : this.#contentOf(entry.hardLinkTo);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return disposeAll(this.#spools);
  }
}
