import { type FileTree, resolvePath, type TreeEntry } from './file-tree.ts';
import {
  ancestorsOf,
  baseName,
  childOf,
  comparePaths,
  type ImagePath,
  parentOf,
  ROOT,
} from './image-path.ts';
import { sameContent } from './same-content.ts';

/** Which of the two trees of an overlay holds a path. */
export type Layer = 'under' | 'over';

/**
 * One root file system with another one put over it, as Unikraft extracts an entry's initramfs over that of its
 * runtime. What is over wins, but directories join: a directory, or a link to one, never takes the place of a
 * directory that is there. What is the same in both (a file, or a link that leads to one, with its mode and bytes; a
 * link with its target) is the one below.
 */
export class OverlayTree<Under extends FileTree = FileTree, Over extends FileTree = FileTree>
  implements FileTree
{
  readonly under: Under;
  readonly over: Over;
  /** Paths that `over` holds, parents first, and their names there. */
  readonly #placed = new Map<ImagePath, ImagePath>();
  readonly #added = new Map<ImagePath, Set<string>>();
  /** Directories of `under` in whose place something else lies now. */
  readonly #replaced = new Set<ImagePath>();

  constructor(under: Under, over: Over) {
    this.under = under;
    this.over = over;
    this.#lay(ROOT, ROOT, new Set());
  }

  /** Puts what is in a directory of `over` into one of the whole; links may lead to the same pair again. */
  #lay(directory: ImagePath, at: ImagePath, done: Set<string>): void {
    const pair = JSON.stringify([directory, at]);
    if (done.has(pair)) return;
    done.add(pair);
    for (const name of this.over.list(directory)) {
      const [path, to] = [childOf(directory, name), childOf(at, name)];
      const entry = this.over.lookup(path);
      const there = this.lookup(to);
      if (entry === undefined || (entry.type === 'symlink' && there?.linkTarget === entry.linkTarget))
        continue;
      const source = resolvePath(this.over, path);
      if (source.entry?.type === 'file' && this.#isSameFile(to, source.path)) continue;
      const joined = resolvePath(this, to);
      if (joined.entry?.type === 'directory' && source.entry?.type === 'directory') {
        this.#lay(source.path, joined.path, done);
        continue;
      }
      this.#place(to, path);
      if (entry.type === 'directory') this.#lay(path, to, done);
    }
  }

  #place(to: ImagePath, path: ImagePath): void {
    if (this.under.lookup(to)?.type === 'directory') this.#replaced.add(to);
    this.#placed.set(to, path);
    const siblings = this.#added.get(parentOf(to)) ?? new Set();
    this.#added.set(parentOf(to), siblings.add(baseName(to)));
  }

  lookup(path: ImagePath): TreeEntry | undefined {
    const inOver = this.#placed.get(path);
    if (inOver !== undefined) return this.over.lookup(inOver);
    return this.#isReplaced(path) ? undefined : this.under.lookup(path);
  }

  list(directory: ImagePath): readonly string[] {
    const below = this.#isReplaced(directory) ? [] : this.under.list(directory);
    const added = this.#added.get(directory);
    return added === undefined ? below : [...new Set([...below, ...added])].sort(comparePaths);
  }

  read(path: ImagePath, offset?: number, length?: number): Uint8Array {
    const inOver = this.#placed.get(path);
    return inOver === undefined
      ? this.under.read(path, offset, length)
      : this.over.read(inOver, offset, length);
  }

  /** The tree that holds a path that is free of links; undefined where nothing is there. */
  layerOf(path: ImagePath): Layer | undefined {
    if (this.#placed.has(path)) return 'over';
    return this.lookup(path) === undefined ? undefined : 'under';
  }

  /** The name in `over` of a path that it holds; undefined for all others. */
  nameOver(path: ImagePath): ImagePath | undefined {
    return this.#placed.get(path);
  }

  /** Every path that differs from the tree below, parents first, and what `over` calls it. */
  differences(): Iterable<[path: ImagePath, inOver: ImagePath]> {
    return this.#placed;
  }

  #isReplaced(path: ImagePath): boolean {
    if (this.#replaced.size === 0) return false;
    return this.#replaced.has(path) || ancestorsOf(path).some((directory) => this.#replaced.has(directory));
  }

  /** Whether the file at a path of the whole is the same as one of `over`. */
  #isSameFile(path: ImagePath, inOver: ImagePath): boolean {
    const [a, b] = [this.lookup(path), this.over.lookup(inOver)];
    if (a?.type !== 'file' || b === undefined || a.mode !== b.mode) return false;
    return sameContent(this, path, this.over, inOver);
  }
}
