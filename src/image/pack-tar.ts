import type { Readable } from 'node:stream';
import { type Header, type Pack, pack as packTar } from 'tar-stream';
import type { FileTree } from '../shared/file-tree.ts';
import { ancestorsOf, type ImagePath } from '../shared/image-path.ts';
import type { OverlayTree } from '../shared/overlay-tree.ts';
import type { RootfsEntry } from './rootfs-entry.ts';
import type { RootfsView } from './rootfs-view.ts';

type TarHeader = Partial<Header> & Pick<Header, 'name'>;

/** One entry of a tar to be written: a name without a leading slash, and its bytes or a way to get them. */
export type TarItem = TarHeader & {
  readonly content?: Uint8Array | (() => AsyncIterable<Uint8Array> | Readable);
};

/** A tar stream of the items in their order. A name must not come twice: engines refuse it on import. */
export function packItems(items: Iterable<TarItem> | AsyncIterable<TarItem>): Readable {
  const pack = packTar();
  writeItems(pack, items).then(
    () => pack.finalize(),
    (error: Error) => pack.destroy(error),
  );
  // tar-stream's streams are streamx's: the same contract as Node's, under another type
  return pack as unknown as Readable;
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
    // told by the promise; an error event that nobody hears would end the process
    sink.on('error', reject);
    if (!isRead) return;
    copy(content(), sink).catch((error: Error) => {
      sink.destroy(error);
      reject(error);
    });
  });
}

async function copy(source: AsyncIterable<Uint8Array>, sink: ReturnType<Pack['entry']>): Promise<void> {
  for await (const chunk of source) {
    if (!sink.write(chunk)) await new Promise<void>((resolve) => sink.once('drain', () => resolve()));
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
      yield itemOf(rootfs, step, entry, firstNames);
    }
  }
}

/** What has to be put over a container of the tree below to make it the whole; hard links arrive as copies. */
export function* overlayItems(tree: OverlayTree<FileTree, RootfsView>): Generator<TarItem> {
  for (const [path, own] of tree.differences()) {
    const entry = tree.over.lookup(own);
    if (entry === undefined || !ARRIVES.has(entry.type)) continue;
    const header = headerOf(path, entry);
    if (entry.type === 'file')
      yield { ...header, type: 'file', size: entry.size, content: tree.over.read(own) };
    else yield { ...header, type: entry.type, ...linkOf(entry) };
  }
}

function headerOf(path: ImagePath, { mode, uid, gid, mtime }: RootfsEntry) {
  return { name: path.slice(1), mode, uid, gid, mtime: new Date(mtime * 1000) };
}

function linkOf({ linkTarget }: RootfsEntry): { linkname?: string } {
  return linkTarget === null ? {} : { linkname: linkTarget };
}

function itemOf(
  rootfs: RootfsView,
  path: ImagePath,
  entry: RootfsEntry,
  firstNames: Map<ImagePath, ImagePath>,
): TarItem {
  const header = headerOf(path, entry);
  if (entry.type !== 'file') {
    return { ...header, type: entry.type, ...linkOf(entry) };
  }
  const content = entry.hardLinkTo ?? path;
  const first = firstNames.get(content);
  if (first !== undefined) return { ...header, type: 'link', linkname: first.slice(1) };
  firstNames.set(content, path);
  return { ...header, type: 'file', size: entry.size, content: rootfs.read(content) };
}
