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
import { UserError } from '../../shared/failure.ts';

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

/**
 * Unpacks files into a directory that is empty.
 * @throws where the bytes are not those of the hash, or a name would lead out of the directory.
 */
export async function unpackFiles(bytes: Buffer, hash: string, root: string): Promise<void> {
  if (createHash('sha256').update(bytes).digest('hex') !== hash)
    throw new Error('the packed files are damaged');
  const links: { path: string; target: string }[] = [];
  const times: { path: string; time: Date }[] = [];
  const tar = Readable.from([await promisify(gunzip)(bytes, { maxOutputLength: 2 * MAX_BYTES })]);
  for await (const { header, content } of allEntries(tar)) {
    const path = join(root, insideName(header.name));
    const mode = header.mode ?? 0o644;
    if (header.type === 'directory') await mkdir(path, { recursive: true, mode });
    else {
      await mkdir(dirname(path), { recursive: true });
      if (header.type === 'symlink') links.push({ path, target: header.linkname ?? '' });
      else await writeFile(path, await buffer(content), { mode, flag: 'wx' });
    }
    if (header.type !== 'symlink' && header.mtime !== undefined) times.push({ path, time: header.mtime });
  }
  // last of all, so that nothing is ever written through one
  for (const { path, target } of links) await symlink(target, path);
  for (const { path, time } of times.reverse()) await utimes(path, time, time);
}

function insideName(name: string): string {
  const parts = name.replace(/\/$/, '').split('/');
  if (parts.some((part) => part === '' || part === '.' || part === '..' || part.includes('\0'))) {
    throw new Error(`cannot unpack ${JSON.stringify(name)}: it leads out of the directory`);
  }
  return parts.join('/');
}
