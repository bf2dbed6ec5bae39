import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import type { FileTree } from '../shared/file-tree.ts';
import { baseName, comparePaths, type ImagePath, parentOf, ROOT } from '../shared/image-path.ts';
import type { RootfsEntry } from './rootfs-entry.ts';
import { spoolTar } from './spool-tar.ts';

/** `files` counts every path but directories; `bytes` adds up regular files, a hard-linked file once. */
export type Size = { readonly files: number; readonly bytes: number };

const READ_CHUNK = 1 << 20;

/**
 * A root file system, spooled once as a tar file on the host and read from there in ranges. Nothing is
 * unpacked, so no name in it becomes a path of the host. Disposing of it removes the spool.
 */
export class Rootfs implements FileTree, AsyncDisposable {
  readonly #spool: string;
  readonly #descriptor: number;
  readonly #entries: ReadonlyMap<ImagePath, RootfsEntry>;
  readonly #children = new Map<ImagePath, string[]>();
  readonly #hashes = new Map<ImagePath, string>();

  /** Reads a tar stream to its end; `spool` is a path for a new file of the host. */
  static async fromTar(tar: Readable, spool: string): Promise<Rootfs> {
    return new Rootfs(spool, await spoolTar(tar, spool));
  }

  private constructor(spool: string, entries: ReadonlyMap<ImagePath, RootfsEntry>) {
    this.#spool = spool;
    this.#entries = entries;
    this.#descriptor = openSync(spool, 'r');
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
    const { entry } = this.#contentOf(path);
    const wanted = Math.max(0, Math.min(length, entry.size - offset));
    const bytes = Buffer.alloc(wanted);
    const got = wanted === 0 ? 0 : readSync(this.#descriptor, bytes, 0, wanted, entry.offset + offset);
    return bytes.subarray(0, got);
  }

  /** The SHA-256 of a regular file, hexadecimal; read once. */
  hash(path: ImagePath): string {
    const { at, entry } = this.#contentOf(path);
    const known = this.#hashes.get(at);
    if (known !== undefined) return known;
    const hash = createHash('sha256');
    for (let offset = 0; offset < entry.size; offset += READ_CHUNK)
      hash.update(this.read(at, offset, READ_CHUNK));
    const digest = hash.digest('hex');
    this.#hashes.set(at, digest);
    return digest;
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

  /** The first name of a file and its entry. */
  #contentOf(path: ImagePath): { at: ImagePath; entry: RootfsEntry } {
    const entry = this.#entries.get(path);
    if (entry?.type !== 'file') throw new RangeError(`cannot read ${path}: not a regular file`);
    if (entry.hardLinkTo === null) return { at: path, entry };
    return this.#contentOf(entry.hardLinkTo);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    closeSync(this.#descriptor);
    await rm(this.#spool, { force: true });
  }
}
