import { join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { packItems, type TarItem } from '../../image/pack-tar.ts';
import { append } from '../../shared/append.ts';
import { messageOf, UserError } from '../../shared/failure.ts';
import { imagePath } from '../../shared/image-path.ts';
import { isOfGit, realOrSame, realPathWithin } from '../../store/inside.ts';
import { contentPieces, linkTarget, listDirectory, statPath } from '../../store/read.ts';

/** A directory of the catalog that is mounted into a machine: of a Kraftfile's `volumes`, or of `kraft run -v`. */
export type MountedVolume = {
  /** As written: relative to the Kraftfile's directory. */
  readonly source: string;
  /** Where it is mounted. */
  readonly destination: string;
};

/**
 * What a volume holds, a directory or one file, as a tar to be put into a container: a copy, since containers mount
 * nothing of the host.
 * @throws UserError `workload-failed` where it cannot be read, `refused` where it is not part of the catalog.
 */
export async function volumeFiles(
  { source, destination }: MountedVolume,
  { directory, catalogRoot }: { directory: string; catalogRoot: string },
): Promise<() => Readable> {
  try {
    // as the author's shell would put it
    const path = resolve(directory, source.replace(/^\$(?:PWD|\{PWD\}|\(pwd\))/, '.'));
    const host = realPathWithin(catalogRoot, path);
    const name = imagePath(destination).slice(1);
    // kraft makes such a volume, empty
    const items = host === null ? directoryAt(name) : itemsOf(host, name, realOrSame(catalogRoot));
    return () => packItems(items);
  } catch (error) {
    if (error instanceof UserError && error.code === 'refused') throw outside(source, error);
    throw new UserError('workload-failed', `cannot mount ${source}: ${messageOf(error)}`, { cause: error });
  }
}

function outside(source: string, cause: UserError): UserError {
  return new UserError('refused', `cannot mount ${source}: it is not part of the catalog`, {
    hint: 'copy it into the entry',
    cause,
  });
}

/** The root itself is there. */
function directoryAt(name: string): TarItem[] {
  return name === '' ? [] : [{ name, type: 'directory', mode: 0o755 }];
}

/** A path and all below it; links stay links, and what is no file, or git's, is left out. */
function itemsOf(path: string, name: string, root: string): TarItem[] {
  const stats = statPath(path);
  if (stats === null) return [];
  if (stats.isSymbolicLink()) return [{ name, type: 'symlink', linkname: linkTarget(path) }];
  if (stats.isFile()) {
    const { mode, size } = stats;
    return [{ name, mode: mode & 0o7777, size, content: () => contentPieces(path, { root }) }];
  }
  if (!stats.isDirectory()) return [];
  const items = directoryAt(name);
  for (const { name: entry } of listDirectory(path, { root }) ?? []) {
    if (isOfGit(entry)) continue;
    append(items, itemsOf(join(path, entry), name === '' ? entry : `${name}/${entry}`, root));
  }
  return items;
}
