import { basename, dirname, join, relative, resolve } from 'node:path';
import { findKraftfile, listKraftfiles, readKraftfileText } from '../kraftfile/find-kraftfile.ts';
import { readKraftfile } from '../kraftfile/read-kraftfile.ts';
import { append } from '../shared/append.ts';
import { UserError } from '../shared/failure.ts';
import { comparePaths } from '../shared/image-path.ts';
import { realPathWithin } from '../store/inside.ts';
import { listDirectory, statPath, statWithin } from '../store/read.ts';
import { findCatalogRoot } from './catalog-root.ts';
import { type RootfsFiles, rootfsFilesOf } from './rootfs-files.ts';
import { classOf, type EntryWithoutDockerfile, type RootfsUnit, type UnitKraftfile } from './unit.ts';

/** What an entry names instead of a Dockerfile, for people. */
const INSTEAD = {
  absent: 'the Kraftfile names no rootfs',
  archive: 'the rootfs is an archive',
  cpio: 'the rootfs is a ready cpio file',
  erofs: 'the rootfs is a ready erofs file',
  directory: 'the rootfs is a plain directory',
  oci: 'the rootfs is an image of a registry',
} as const;

/**
 * Reads the entry at a path (a directory, or one Kraftfile in it) with every Kraftfile that names the same
 * Dockerfile.
 * @throws UserError `kraftfile-missing`, `kraftfile-ambiguous`, `kraftfile-invalid`, `rootfs-missing`, or `refused` for
 * a rootfs or a context outside of the catalog.
 */
export async function readUnit(path: string): Promise<RootfsUnit | EntryWithoutDockerfile> {
  const absolute = resolve(path);
  const named = statPath(absolute);
  const from = named === null || named.isDirectory() ? absolute : dirname(absolute);
  const catalogRoot = findCatalogRoot(from, process.cwd());
  const main = await findKraftfile(absolute, catalogRoot);
  const directory = dirname(main);
  const first = await readOne(main, directory, catalogRoot);
  const { rootfs } = first.kraftfile;
  const files = rootfsFilesOf(first, catalogRoot);
  if (files !== null) insistOnRootfs(first, files, catalogRoot);
  if (rootfs.kind !== 'dockerfile' || files === null) {
    const name = entryName(catalogRoot, directory);
    const reason = rootfs.kind === 'dockerfile' ? '' : INSTEAD[rootfs.kind];
    return { name, catalogRoot, directory, kraftfiles: [first], class: classOf(first.kraftfile), reason };
  }
  const unitDirectory = dirname(files.path);
  return {
    name: entryName(catalogRoot, unitDirectory),
    catalogRoot,
    directory: unitDirectory,
    context: files.context,
    dockerfile: basename(files.path),
    kraftfiles: [
      { ...first, name: relative(unitDirectory, first.path) },
      ...(await siblingsOf(first, files, catalogRoot)),
    ],
    class: classOf(first.kraftfile),
  };
}

/** @throws UserError `rootfs-missing`; `refused` for what lies outside of the catalog. */
function insistOnRootfs(
  { name, kraftfile: { rootfs } }: UnitKraftfile,
  { path: file, context }: RootfsFiles,
  root: string,
): void {
  const named = rootfs.kind === 'absent' ? '' : rootfs.path;
  const stats = statWithin(file, { root });
  if (stats === null) {
    throw new UserError('rootfs-missing', `cannot find the rootfs ${named} that ${name} names`, {
      hint: `write ${relative(process.cwd(), file)}, or correct rootfs in the Kraftfile`,
    });
  }
  if (rootfs.kind === 'dockerfile') realPathWithin(root, context);
  if (rootfs.kind !== 'dockerfile' || !stats.isDirectory()) return;
  throw new UserError('rootfs-missing', `cannot take ${named} for the Dockerfile of ${name}: it is no file`, {
    hint: `name the Dockerfile itself, such as ${join(named, 'Dockerfile')}`,
  });
}

/** The other Kraftfiles that name the same Dockerfile over the same context: beside the first, and below the Dockerfile. */
async function siblingsOf(
  first: UnitKraftfile,
  unit: RootfsFiles,
  catalogRoot: string,
): Promise<UnitKraftfile[]> {
  const own = dirname(first.path);
  const unitDirectory = dirname(unit.path);
  const siblings: UnitKraftfile[] = [];
  for (const directory of new Set([own, ...directoriesFrom(unitDirectory, MAX_DEPTH, catalogRoot)])) {
    const { files } = await listKraftfiles(directory, catalogRoot);
    for (const path of files) {
      if (path === first.path) continue;
      const sibling = await readOne(path, unitDirectory, catalogRoot).catch((error: unknown) => {
        // where a Dockerfile lies beside it, it is another entry's mistake
        if (
          directory !== own &&
          directory !== unitDirectory &&
          statPath(join(directory, 'Dockerfile')) !== null
        )
          return null;
        throw error;
      });
      if (sibling?.kraftfile.rootfs.kind !== 'dockerfile') continue;
      const named = rootfsFilesOf(sibling, catalogRoot);
      if (named?.path === unit.path && named.context === unit.context) siblings.push(sibling);
    }
  }
  return siblings;
}

/** How far below its Dockerfile a Kraftfile may lie: `tests/a/Kraftfile` is one directory below. */
const MAX_DEPTH = 3;

/** A directory and those below it, in byte order; links, hidden ones and packages of Node are left out. */
function directoriesFrom(directory: string, depth: number, root: string): string[] {
  const found = [directory];
  if (depth === 0) return found;
  const entries = listDirectory(directory, { root }) ?? [];
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  for (const name of names.sort(comparePaths)) {
    if (name.startsWith('.') || name === 'node_modules') continue;
    append(found, directoriesFrom(join(directory, name), depth - 1, root));
  }
  return found;
}

async function readOne(path: string, unitDirectory: string, catalogRoot: string): Promise<UnitKraftfile> {
  const text = await readKraftfileText(path, catalogRoot);
  const kraftfile = readKraftfile({ file: entryName(catalogRoot, path), text });
  return { name: relative(unitDirectory, path), path, kraftfile };
}

/** A path as results name it: relative to the catalog's root, `.` for the root itself. */
function entryName(catalogRoot: string, path: string): string {
  return relative(catalogRoot, join(path)) || '.';
}
