import { Readable } from 'node:stream';
import { type Header, type Pack, pack as packTar } from 'tar-stream';
import { UserError } from '../shared/failure.ts';
import { isUtf8Name } from '../shared/file-name.ts';
import { type FileTree, resolvePath, walk } from '../shared/file-tree.ts';
import { ancestorsOf, type ImagePath } from '../shared/image-path.ts';
import type { OverlayTree } from '../shared/overlay-tree.ts';
import { sameContent } from '../shared/same-content.ts';
import { visible } from '../words/visible.ts';
import type { RootfsEntry } from './rootfs-entry.ts';
import type { RootfsView } from './rootfs-view.ts';

type TarHeader = Partial<Header> & Pick<Header, 'name'>;

/** One entry of a tar to be written: a name without a leading slash, and its bytes or a way to get them. */
export type TarItem = TarHeader & {
  readonly content?: Uint8Array | (() => AsyncIterable<Uint8Array> | Readable);
};

/**
 * A tar stream of the items in their order. A name must not come twice: engines refuse it on import. No item is opened
 * before the reader begins: an item that failed earlier would end the process, and leave the reader waiting.
 */
export function packItems(items: Iterable<TarItem> | AsyncIterable<TarItem>): Readable {
  const pack = packTar();
  let chunks: AsyncIterator<Uint8Array> | undefined;
  return new Readable({
    read() {
      chunks ??= beginTar(pack, items);
      chunks.next().then(
        ({ value, done }) => this.push(done === true ? null : value),
        (error: Error) => this.destroy(error),
      );
    },
    destroy(error, done) {
      pack.destroy();
      done(error);
    },
  });
}

function beginTar(pack: Pack, items: Iterable<TarItem> | AsyncIterable<TarItem>): AsyncIterator<Uint8Array> {
  // it listens for a failure from here on
  const chunks = (pack as unknown as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]();
  writeItems(pack, items).then(
    () => pack.finalize(),
    (error: Error) => pack.destroy(error),
  );
  return chunks;
}

async function writeItems(pack: Pack, items: Iterable<TarItem> | AsyncIterable<TarItem>): Promise<void> {
  const closed = new Promise<never>((_, reject) => {
    pack.once('close', () => reject(new Error('the reader of the tar stream went away')));
  });
  closed.catch(() => undefined);
  for await (const { content, ...header } of items) {
    await Promise.race([writeItem(pack, header, content), closed]);
  }
}

function writeItem(pack: Pack, header: TarHeader, content: TarItem['content']): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (error?: Error | null) => (error ? reject(error) : resolve());
    const isRead = typeof content === 'function';
    const sink = isRead
      ? pack.entry(header, settle)
      : pack.entry(header, Buffer.from(content ?? new Uint8Array()), settle);
    // the promise reports it; an error event without a listener would end the process
    sink.on('error', reject);
    if (!isRead) return;
    copy(content(), sink).catch((error: Error) => {
      sink.destroy(error);
      reject(error);
    });
  });
}

async function copy(source: AsyncIterable<Uint8Array>, sink: ReturnType<Pack['entry']>): Promise<void> {
  // a reader that stops drains nothing any more, and the source has to be closed
  const closed = new Promise<never>((_, reject) => {
    sink.once('close', () => reject(new Error('the reader of the tar stream went away')));
  });
  closed.catch(() => undefined);
  for await (const chunk of source) {
    if (sink.write(chunk)) continue;
    await Promise.race([new Promise<void>((resolve) => sink.once('drain', () => resolve())), closed]);
  }
  sink.end(null);
}

const ARRIVES: ReadonlySet<string> = new Set(['file', 'directory', 'symlink']);

/**
 * Exactly the given paths of a root file system, with the directories above them, as the items of a tar:
 * parents first, owner, mode and times as they are. Of a hard-linked file the first name that is among them
 * carries the content, the others are links to it. Devices and FIFOs are left out, as Unikraft's initramfs does.
 */
export function* itemsOf(rootfs: RootfsView, paths: Iterable<ImagePath>): Generator<TarItem> {
  const done = new Set<ImagePath>();
  const firstNames = new Map<ImagePath, ImagePath>();
  for (const path of paths) {
    for (const step of [...ancestorsOf(path).reverse(), path]) {
      const entry = rootfs.lookup(step);
      if (entry === undefined || done.has(step) || !ARRIVES.has(entry.type)) continue;
      done.add(step);
      const placed = { path: step, source: step, entry };
      yield itemOf({ ...placed, from: rootfs, linkTo: firstNameOf(firstNames, placed) });
    }
  }
}

/** What is put into a container to make one tree of another. */
export type Supplement = { readonly bytes: number; readonly items: () => Iterable<TarItem> };

/** One path of a supplement: a path of a tree at its place, or another name of a file that is there by then. */
type Placed = {
  readonly path: ImagePath;
  readonly from: RootfsView;
  readonly source: ImagePath;
  readonly entry: RootfsEntry;
  readonly linkTo?: ImagePath | undefined;
};

function supplementOf(placed: readonly Placed[]): Supplement {
  return {
    bytes: placed.reduce((total, { entry, linkTo }) => total + (linkTo === undefined ? entry.size : 0), 0),
    *items() {
      for (const item of placed) yield itemOf(item);
    },
  };
}

/** What has to be put over a container of the tree below to make it the whole. */
export function overlayItems(tree: OverlayTree<FileTree, RootfsView>): Supplement {
  const placed: Placed[] = [];
  const firstNames = new Map<ImagePath, ImagePath>();
  for (const [path, source] of tree.differences()) {
    const entry = tree.over.lookup(source);
    if (entry === undefined || !ARRIVES.has(entry.type)) continue;
    placed.push({
      path,
      from: tree.over,
      source,
      entry,
      linkTo: firstNameOf(firstNames, { path, source, entry }),
    });
  }
  return supplementOf(placed);
}

/** The first name under which a file was placed; undefined for that name itself, and for all that is no file. */
function firstNameOf(
  firstNames: Map<ImagePath, ImagePath>,
  { path, source, entry }: Pick<Placed, 'path' | 'source' | 'entry'>,
): ImagePath | undefined {
  if (entry.type !== 'file') return undefined;
  const content = entry.hardLinkTo ?? source;
  const first = firstNames.get(content);
  if (first === undefined) firstNames.set(content, path);
  return first;
}

/**
 * From which size on another name of a file of the image itself is put as a link: overlayfs copies the file, and waits
 * for the disk to have it, before it can link it.
 */
const LINKED_BYTES = 1 << 20;

/**
 * What has to be put into a container of the tree above to make it the whole; undefined where something would have to
 * be removed. What is put in takes the place of what is there, unless both are directories.
 */
export function underlayItems(tree: OverlayTree<RootfsView, RootfsView>): Supplement | undefined {
  const { under, over } = tree;
  const placed: Placed[] = [];
  const replaced = new Set<ImagePath>();
  const firstNames = new Map([under, over].map((layer) => [layer, new Map<ImagePath, ImagePath>()]));
  const isThere = (path: ImagePath) => !ancestorsOf(path).some((directory) => replaced.has(directory));
  /** Whether the container has a file of the tree above where the whole has it too. */
  const stays = (path: ImagePath) => tree.nameOver(path) === path && isThere(path);
  for (const [path] of walk(tree)) {
    const there = isThere(path) ? over.lookup(path) : undefined;
    const name = tree.nameOver(path);
    const [from, source] = name === undefined ? [under, path] : [over, name];
    const entry = from.lookup(source);
    if (entry === undefined || !ARRIVES.has(entry.type)) continue;
    // of files that are in both, those of the tree below have the same bytes
    if (there !== undefined && (name === path || isKeptAlike(entry, there))) continue;
    if (there?.type === 'directory' && entry.type !== 'directory') replaced.add(path);
    const above = name ?? resolvePath(over, path).path;
    const alike =
      entry.size >= LINKED_BYTES &&
      stays(above) &&
      isSameFile({ tree: from, path: source }, { tree: over, path: above });
    const linkTo = alike ? above : firstNameOf(firstNames.get(from) ?? new Map(), { path, source, entry });
    placed.push({ path, from, source, entry, linkTo });
  }
  for (const [path] of walk(over)) {
    if (tree.lookup(path) === undefined && isThere(path)) return undefined;
  }
  return supplementOf(placed);
}

type Place = { readonly tree: RootfsView; readonly path: ImagePath };

function isSameFile(a: Place, b: Place): boolean {
  const [first, other] = [a.tree.lookup(a.path), b.tree.lookup(b.path)];
  if (first?.type !== 'file' || other === undefined || !isKeptAlike(first, other)) return false;
  if (a.tree === b.tree && a.path === b.path) return true;
  return sameContent(a.tree, a.path, b.tree, b.path);
}

function isKeptAlike(a: RootfsEntry, b: RootfsEntry): boolean {
  if (a.type !== b.type || a.linkTarget !== b.linkTarget) return false;
  return a.mode === b.mode && a.uid === b.uid && a.gid === b.gid && a.mtime === b.mtime;
}

function notUtf8(name: string): UserError {
  return new UserError('refused', `cannot pack ${visible(name)}: its name is not UTF-8`, {
    hint: 'give it another name in the image',
  });
}

/** @throws UserError `refused` for a name that is not UTF-8: tar-stream writes no other. */
function headerOf(path: ImagePath, { mode, uid, gid, mtime }: RootfsEntry) {
  if (!isUtf8Name(path)) throw notUtf8(path);
  return { name: path.slice(1), mode, uid, gid, mtime: new Date(mtime * 1000) };
}

function linkOf({ linkTarget }: RootfsEntry): { linkname?: string } {
  if (linkTarget !== null && !isUtf8Name(linkTarget)) throw notUtf8(linkTarget);
  return linkTarget === null ? {} : { linkname: linkTarget };
}

function itemOf({ path, from, source, entry, linkTo }: Placed): TarItem {
  const header = headerOf(path, entry);
  if (linkTo !== undefined) return { ...header, type: 'link', linkname: linkTo.slice(1) };
  return entry.type === 'file'
    ? { ...header, type: 'file', size: entry.size, content: from.read(source) }
    : { ...header, type: entry.type, ...linkOf(entry) };
}
