import { createReadStream } from 'node:fs';
import { lstat, readdir, readlink, realpath } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { Readable } from 'node:stream';
import { packItems, type TarItem } from '../image/pack-tar.ts';
import { append } from '../shared/append.ts';
import { isNotFound, messageOf, UserError } from '../shared/failure.ts';
import { comparePaths, imagePath } from '../shared/image-path.ts';

/** A directory of the catalog that is mounted into a machine: of a Kraftfile's `volumes`, or of `kraft run -v`. */
export type MountedVolume = {
  /** As written: relative to the Kraftfile's directory. */
  readonly source: string;
  /** Where it is mounted. */
  readonly destination: string;
};

/**
 * What a volume brings, a directory or one file, as a tar to be put into a container: a copy, since containers mount
 * nothing of the host.
 * @throws UserError `workload-failed` where it cannot be read, or is no part of the catalog.
 */
export async function volumeFiles(
  { source, destination }: MountedVolume,
  { directory, catalogRoot }: { directory: string; catalogRoot: string },
): Promise<() => Readable> {
  try {
    // as the author's shell would put it
    const host = await realpath(resolve(directory, source.replace(/^\$(?:PWD|\{PWD\}|\(pwd\))/, '.')));
    const way = relative(await realpath(catalogRoot), host);
    if (way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way)) throw outside(source);
    const items = await itemsOf(host, imagePath(destination).slice(1));
    return () => packItems(items);
  } catch (error) {
    if (error instanceof UserError) throw error;
    // kraft makes such a volume, empty
    if (isNotFound(error)) return () => packItems(directoryAt(imagePath(destination).slice(1)));
    throw new UserError('workload-failed', `cannot mount ${source}: ${messageOf(error)}`, { cause: error });
  }
}

function outside(source: string): UserError {
  return new UserError('workload-failed', `cannot mount ${source}: it is no part of the catalog`, {
    hint: 'copy it into the entry',
  });
}

/** The root itself is there. */
function directoryAt(name: string): TarItem[] {
  return name === '' ? [] : [{ name, type: 'directory', mode: 0o755 }];
}

/** A path and all below it; links stay links, and what is no file is left out. */
async function itemsOf(path: string, name: string): Promise<TarItem[]> {
  const stats = await lstat(path);
  if (stats.isSymbolicLink()) return [{ name, type: 'symlink', linkname: await readlink(path) }];
  if (stats.isFile()) {
    const { mode, size } = stats;
    return [{ name, mode: mode & 0o7777, size, content: () => createReadStream(path) }];
  }
  if (!stats.isDirectory()) return [];
  const items = directoryAt(name);
  for (const entry of (await readdir(path)).sort(comparePaths)) {
    append(items, await itemsOf(join(path, entry), name === '' ? entry : `${name}/${entry}`));
  }
  return items;
}
