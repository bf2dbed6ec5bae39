import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { packItems, type TarItem } from '../../src/image/pack-tar.ts';
import { Rootfs } from '../../src/image/rootfs.ts';
import { ancestorsOf, type ImagePath, imagePath } from '../../src/shared/image-path.ts';

/**
 * A root file system written as a table, in the order of its tar: `'symlink TARGET'`, `'link /PATH'` (another name
 * of a file above it), `'fifo'`, `'directory'` (optionally `'directory 1777'`), or the bytes of a regular file;
 * an object where owner, mode or time matter. Parents are made on the way.
 */
export type RootfsTable = Readonly<Record<string, string | Uint8Array | RootfsFile>>;

export type RootfsFile = {
  readonly content: string | Uint8Array;
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  /** Seconds since 1970. */
  readonly mtime?: number;
};

/** A process of the same number may have left its spools. */
const STARTED = Date.now();
let spools = 0;

/** A path for a new spool; the root file system over it removes it. */
export function spoolPath(): string {
  spools += 1;
  return join(tmpdir(), `kraft-slim-test-${process.pid}-${STARTED}-${spools}.tar`);
}

export async function rootfsOf(table: RootfsTable): Promise<Rootfs> {
  return await Rootfs.fromTar(tarOf(table), spoolPath());
}

export function tarOf(table: RootfsTable): Readable {
  return packItems(tarItems(table));
}

function* tarItems(table: RootfsTable): Generator<TarItem> {
  const done = new Set<ImagePath>();
  for (const [name, value] of Object.entries(table)) {
    const path = imagePath(name);
    for (const parent of ancestorsOf(path).reverse()) {
      if (done.has(parent)) continue;
      done.add(parent);
      yield { name: parent.slice(1), type: 'directory', mode: 0o755, mtime: new Date(0) };
    }
    if (done.has(path)) continue;
    done.add(path);
    yield { name: path.slice(1), mtime: new Date(0), ...itemOf(table, value) };
  }
}

function itemOf(table: RootfsTable, value: RootfsTable[string]): Omit<TarItem, 'name'> {
  if (typeof value !== 'string') return fileItem(value instanceof Uint8Array ? { content: value } : value);
  const [, type, rest] = /^(symlink|link|fifo|directory)(?: (.*))?$/s.exec(value) ?? [];
  switch (type) {
    case 'symlink':
      return { type, linkname: rest ?? '', mode: 0o777 };
    case 'link':
      return { ...linkItem(table, rest ?? ''), type, linkname: (rest ?? '').slice(1) };
    case 'fifo':
      return { type, mode: 0o644 };
    case 'directory':
      return { type, mode: Number.parseInt(rest ?? '755', 8) };
    default:
      return fileItem({ content: value });
  }
}

/** A link's header says its file's mode, owner and time again, and an engine sets the file's by it. */
function linkItem(table: RootfsTable, target: string): Pick<TarItem, 'mode' | 'uid' | 'gid' | 'mtime'> {
  const file = table[target];
  const {
    mode = 0o644,
    uid = 0,
    gid = 0,
    mtime = 0,
  } = typeof file === 'object' && 'content' in file ? file : ({} as Partial<RootfsFile>);
  return { mode, uid, gid, mtime: new Date(mtime * 1000) };
}

function fileItem({ content, mode = 0o644, uid = 0, gid = 0, mtime = 0 }: RootfsFile): Omit<TarItem, 'name'> {
  const bytes = Buffer.from(content);
  return {
    type: 'file',
    mode,
    uid,
    gid,
    mtime: new Date(mtime * 1000),
    size: bytes.length,
    content: bytes,
  };
}

/** Every path in one line each: `symlink TARGET`, `directory 755 0:0`, `file 644 0:0 CONTENT`. */
export function treeText(rootfs: Rootfs): Record<string, string> {
  return Object.fromEntries(
    [...rootfs.entries()].map(([path, entry]) => [path, lineOf(rootfs, path, entry)]),
  );
}

function lineOf(
  rootfs: Rootfs,
  path: ImagePath,
  { type, mode, uid, gid, linkTarget }: NonNullable<ReturnType<Rootfs['lookup']>>,
): string {
  if (type === 'symlink') return `symlink ${linkTarget}`;
  const head = `${type} ${mode.toString(8)} ${uid}:${gid}`;
  return type === 'file' ? `${head} ${Buffer.from(rootfs.read(path)).toString('latin1')}` : head;
}
