import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, mkdir, readlink, symlink, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { packItems, type TarItem } from '../../image/pack-tar.ts';
import { allEntries } from '../../image/unpack-tar.ts';
import { messageOf, UserError } from '../../shared/failure.ts';
import { isInsideName } from './inside-name.ts';

/** Files of a catalog on their way to a worker. */
export type Pack = { readonly bytes: Buffer /** SHA-256, hexadecimal. */; readonly hash: string };

/** What an entry may have in all: Redis keeps it in memory, and takes no value of more than 512 MB. */
const MAX_BYTES = 256 * 1024 ** 2;

/**
 * Packs paths of a directory, which have to be in byte order: a compressed tar, the same bytes for the same files.
 * @throws UserError `config-invalid` where they are too large.
 */
export async function packFiles(root: string, paths: readonly string[]): Promise<Pack> {
  const items: TarItem[] = [];
  let bytes = 0;
  for (const path of paths) {
    const item = await itemAt(root, path);
    if (item === null) continue;
    bytes += item.size ?? 0;
    items.push(item);
  }
  if (bytes > MAX_BYTES) {
    const message = `cannot send the entry over a queue: its files have ${bytes} bytes, more than ${MAX_BYTES}`;
    throw new UserError('config-invalid', message, {
      hint: 'leave out what the build does not need by a .dockerignore, or sweep it without --queue',
    });
  }
  const packed = await promisify(gzip)(await buffer(packItems(items)), { level: 6 });
  return { bytes: packed, hash: createHash('sha256').update(packed).digest('hex') };
}

async function itemAt(root: string, path: string): Promise<TarItem | null> {
  const from = join(root, path);
  const stats = await lstat(from);
  const common = {
    name: path,
    mode: stats.mode & 0o7777,
    mtime: new Date(Math.floor(stats.mtimeMs / 1000) * 1000),
  };
  if (stats.isSymbolicLink()) return { ...common, type: 'symlink', linkname: await readlink(from) };
  if (stats.isDirectory()) return { ...common, type: 'directory' };
  if (!stats.isFile()) return null;
  return { ...common, type: 'file', size: stats.size, content: () => createReadStream(from) };
}

/** The longest pack that is fetched: what is packed is smaller than what it is made of. */
export const MAX_PACK_BYTES = MAX_BYTES + 16 * 1024 ** 2;
/** What a pack may hold at most; a sweep sends no entry of more. */
const MAX_ITEMS = 200_000;
const MAX_LINK = 4096;

/**
 * Unpacks files into a directory that is empty. Nothing is written outside of it: directories, regular files and links
 * alone are made, each once, and links last of all.
 * @throws UserError `refused` where the bytes are not those of the hash, or are not what a sweep packs.
 */
export async function unpackFiles(bytes: Buffer, hash: string, root: string): Promise<void> {
  if (createHash('sha256').update(bytes).digest('hex') !== hash)
    throw refused('the packed files are damaged');
  const links: { path: string; target: string }[] = [];
  const times: { path: string; time: Date }[] = [];
  let items = 0;
  for await (const { header, content } of allEntries(await tarOf(bytes))) {
    items += 1;
    if (items > MAX_ITEMS) throw refused(`it has more than ${MAX_ITEMS} files`);
    const { path, mode, mtime } = placeOf(header, root);
    if (header.type === 'directory') await mkdir(path, { recursive: true, mode });
    else {
      await mkdir(dirname(path), { recursive: true });
      if (header.type === 'symlink') links.push({ path, target: linkTargetOf(header) });
      else if (header.type === 'file') await writeFile(path, await buffer(content), { mode, flag: 'wx' });
      else throw refused(`${quoted(header.name)} is neither a file nor a directory nor a link`);
    }
    if (header.type !== 'symlink') times.push({ path, time: mtime });
  }
  // last of all, so that nothing is ever written through one
  for (const { path, target } of links) await symlink(target, path);
  for (const { path, time } of times.reverse()) await utimes(path, time, time);
}

async function tarOf(bytes: Buffer): Promise<Readable> {
  try {
    return Readable.from([await promisify(gunzip)(bytes, { maxOutputLength: 2 * MAX_BYTES })]);
  } catch (error) {
    throw refused(messageOf(error));
  }
}

type Header = { readonly name: string; readonly mode?: number; readonly mtime?: Date };

/** Where an item goes, with what it is; numbers of a tar can be larger than any file system takes. */
function placeOf({ name, mode = 0o644, mtime = new Date(0) }: Header, root: string) {
  if (!isInsideName(name)) throw refused(`${quoted(name)} leads out of the directory`);
  if (!Number.isInteger(mode) || mode < 0 || mode > 0o7777)
    throw refused(`the mode of ${quoted(name)} is ${mode}`);
  const seconds = mtime.getTime() / 1000;
  if (!(Math.abs(seconds) < 2 ** 34)) throw refused(`the time of ${quoted(name)} is no time`);
  return { path: join(root, name.replace(/\/$/, '')), mode, mtime };
}

function linkTargetOf({
  name,
  linkname,
}: {
  readonly name: string;
  readonly linkname?: string | null;
}): string {
  if (linkname && linkname.length <= MAX_LINK && !linkname.includes('\0')) return linkname;
  throw refused(`the link ${quoted(name)} has no target that a link can have`);
}

function refused(why: string): UserError {
  return new UserError('refused', `cannot unpack the files of an entry: ${why}`);
}

function quoted(name: string): string {
  return JSON.stringify(name.slice(0, 200));
}
