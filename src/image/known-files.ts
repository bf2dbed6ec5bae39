import { disposeAll } from '../shared/dispose-all.ts';
import type { Placed } from './rootfs.ts';
import type { Spool } from './spool.ts';

/** What is known of a file that an image had: where its content is, or what it links to. */
export type KnownFile = Placed & { readonly linkTarget: string | null };

/** The most that is spooled for other images, in bytes; what was spooled first goes first. */
const MAX_BYTES = 2 * 1024 ** 3;

/**
 * Files of images that were taken, for the next image that has them too: those of one layer are the same inodes in each
 * image over it. All that stat(2) reports identifies a file, with its inode and the time of its last change, so
 * that another file is never taken for it.
 */
export class KnownFiles implements AsyncDisposable {
  readonly #files = new Map<string, KnownFile>();
  readonly #spools = new Map<Spool, { readonly bytes: number; readonly stamps: string[] }>();
  readonly #firsts = new Map<string, Promise<unknown>>();
  readonly #maxBytes: number;

  constructor({ maxBytes = MAX_BYTES }: { readonly maxBytes?: number } = {}) {
    this.#maxBytes = maxBytes;
  }

  /** @param stamp all that stat(2) reports of a file, and its path */
  get(stamp: string): KnownFile | undefined {
    return this.#files.get(stamp);
  }

  /**
   * Does what adds the files of an image: of those over one base the first alone, for the others to know what it
   * adds.
   */
  async afterFirst<T>(base: string, work: () => Promise<T>): Promise<T> {
    const first = this.#firsts.get(base);
    if (first !== undefined) {
      await first;
      return await work();
    }
    const working = work();
    this.#firsts.set(
      base,
      working.catch(() => undefined),
    );
    return await working;
  }

  /** Keeps files of a spool, which is held for as long. */
  async add(spool: Spool, bytes: number, files: Iterable<[stamp: string, file: KnownFile]>): Promise<void> {
    if (this.#spools.has(spool) || bytes > this.#maxBytes) return;
    const stamps: string[] = [];
    for (const [stamp, file] of files) {
      if (this.#files.has(stamp)) continue;
      this.#files.set(stamp, file);
      stamps.push(stamp);
    }
    if (stamps.length === 0) return;
    this.#spools.set(spool.hold(), { bytes, stamps });
    let total = [...this.#spools.values()].reduce((sum, kept) => sum + kept.bytes, 0);
    for (const [oldest, kept] of this.#spools) {
      if (total <= this.#maxBytes) break;
      total -= kept.bytes;
      await this.#forget(oldest);
    }
  }

  async #forget(spool: Spool): Promise<void> {
    for (const stamp of this.#spools.get(spool)?.stamps ?? []) this.#files.delete(stamp);
    this.#spools.delete(spool);
    await spool[Symbol.asyncDispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const spools = [...this.#spools.keys()];
    this.#files.clear();
    this.#spools.clear();
    await disposeAll(spools);
  }
}
