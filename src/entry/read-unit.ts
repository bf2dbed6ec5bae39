import { existsSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { findKraftfile, listKraftfiles, readKraftfileText } from '../kraftfile/find-kraftfile.ts';
import { readKraftfile } from '../kraftfile/read-kraftfile.ts';
import { UserError } from '../shared/failure.ts';
import { findCatalogRoot } from './catalog-root.ts';
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
 * @throws UserError `kraftfile-missing`, `kraftfile-ambiguous`, `kraftfile-invalid`, `rootfs-missing`.
 */
export async function readUnit(path: string): Promise<RootfsUnit | EntryWithoutDockerfile> {
  const absolute = resolve(path);
  const main = existsSync(absolute) && statSync(absolute).isFile() ? absolute : await findKraftfile(absolute);
  const directory = dirname(main);
  const catalogRoot = findCatalogRoot(directory, process.cwd());
  const first = await readOne(main, directory, catalogRoot);
  const { rootfs } = first.kraftfile;
  if (rootfs.kind !== 'absent' && rootfs.kind !== 'oci' && !existsSync(resolve(directory, rootfs.path))) {
    throw new UserError('rootfs-missing', `cannot find the rootfs ${rootfs.path} that ${first.name} names`, {
      hint: `write ${relative(process.cwd(), resolve(directory, rootfs.path))}, or correct rootfs in the Kraftfile`,
    });
  }
  if (rootfs.kind !== 'dockerfile') {
    const name = entryName(catalogRoot, directory);
    const reason = INSTEAD[rootfs.kind];
    return { name, catalogRoot, directory, kraftfiles: [first], class: classOf(first.kraftfile), reason };
  }
  const dockerfile = resolve(directory, rootfs.path);
  const unitDirectory = dirname(dockerfile);
  return {
    name: entryName(catalogRoot, unitDirectory),
    catalogRoot,
    directory: unitDirectory,
    dockerfile: basename(dockerfile),
    kraftfiles: [
      { ...first, name: relative(unitDirectory, first.path) },
      ...(await siblingsOf(first, dockerfile, catalogRoot)),
    ],
    class: classOf(first.kraftfile),
  };
}

/** The other Kraftfiles of the same directory that name the same Dockerfile. */
async function siblingsOf(
  first: UnitKraftfile,
  dockerfile: string,
  catalogRoot: string,
): Promise<UnitKraftfile[]> {
  const directory = dirname(first.path);
  const siblings: UnitKraftfile[] = [];
  const { files } = await listKraftfiles(directory);
  for (const path of files) {
    if (path === first.path) continue;
    const sibling = await readOne(path, dirname(dockerfile), catalogRoot);
    const { rootfs } = sibling.kraftfile;
    if (rootfs.kind === 'dockerfile' && resolve(directory, rootfs.path) === dockerfile)
      siblings.push(sibling);
  }
  return siblings;
}

async function readOne(path: string, unitDirectory: string, catalogRoot: string): Promise<UnitKraftfile> {
  const text = await readKraftfileText(path);
  const kraftfile = readKraftfile({ file: entryName(catalogRoot, path), text });
  return { name: relative(unitDirectory, path), path, kraftfile };
}

/** A path as results name it: relative to the catalog's root, `.` for the root itself. */
function entryName(catalogRoot: string, path: string): string {
  return relative(catalogRoot, join(path)) || '.';
}
