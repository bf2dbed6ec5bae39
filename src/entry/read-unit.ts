import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { findCatalogRoot } from '../catalog/catalog-root.ts';
import { isBareEntry, kraftfileDirectories } from '../catalog/walk.ts';
import {
  findKraftfile,
  isStandardName,
  listKraftfiles,
  readKraftfileText,
} from '../kraftfile/find-kraftfile.ts';
import { readKraftfile } from '../kraftfile/read-kraftfile.ts';
import { UserError } from '../shared/failure.ts';
import { assertWithin, LIMITS } from '../shared/limits.ts';
import { isWithin, realPathWithin } from '../store/inside.ts';
import { statPath, statWithin } from '../store/read.ts';
import { offeredKraftfile } from './offered-kraftfile.ts';
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
 * Reads the entry at a path with every Kraftfile that names the same Dockerfile. The path is one of its Kraftfiles, a
 * directory with a Kraftfile of a standard name, a directory whose Kraftfiles all name one Dockerfile, or a bare entry.
 * @throws UserError `kraftfile-missing`, `kraftfile-ambiguous`, `kraftfile-invalid`, `rootfs-missing`, or `refused` for
 * a rootfs or a context outside of the catalog.
 */
export async function readUnit(path: string): Promise<RootfsUnit | EntryWithoutDockerfile> {
  const absolute = resolve(path);
  const named = statPath(absolute);
  const isFile = named !== null && !named.isDirectory();
  const catalogRoot = findCatalogRoot(isFile ? dirname(absolute) : absolute, process.cwd());
  const only = isFile ? undefined : await onlyUnitIn(absolute, catalogRoot);
  if (only !== undefined) return only;
  if (!isFile && isBareEntry(absolute, catalogRoot)) return bareUnit(absolute, catalogRoot);
  return await unitOf(await findKraftfile(absolute, catalogRoot), catalogRoot);
}

/** An entry with a Dockerfile alone, by the Kraftfile that it is offered. */
function bareUnit(directory: string, catalogRoot: string): RootfsUnit {
  const path = join(directory, 'Kraftfile');
  const file = entryName(catalogRoot, path);
  const kraftfile = readKraftfile({ file, text: offeredKraftfile(catalogRoot) });
  return {
    name: entryName(catalogRoot, directory),
    catalogRoot,
    directory,
    context: directory,
    dockerfile: 'Dockerfile',
    kraftfiles: [{ name: 'Kraftfile', path, kraftfile }],
    class: classOf(kraftfile),
    isBare: true,
  };
}

/**
 * The unit of a directory without a Kraftfile of a standard name: that of all its Kraftfiles, or, where it has none,
 * the unit that is named for it since all Kraftfiles below belong to it. Undefined where there is a choice.
 */
async function onlyUnitIn(
  directory: string,
  catalogRoot: string,
): Promise<RootfsUnit | EntryWithoutDockerfile | undefined> {
  const { files: beside } = await listKraftfiles(directory, catalogRoot);
  const [first] = beside;
  if (first !== undefined) {
    if (isStandardName(basename(first))) return undefined;
    const unit = await unitOf(first, catalogRoot);
    return holdsAll(unit, beside) ? unit : undefined;
  }
  let unit: RootfsUnit | EntryWithoutDockerfile | undefined;
  for (const { files } of kraftfileDirectories(directory, NESTED(catalogRoot))) {
    unit ??= await unitOf(files[0], catalogRoot).catch(() => undefined);
    if (unit?.directory !== directory || !holdsAll(unit, files)) return undefined;
  }
  return unit;
}

function holdsAll({ kraftfiles }: EntryWithoutDockerfile | RootfsUnit, files: readonly string[]): boolean {
  return files.every((file) => kraftfiles.some(({ path }) => path === file));
}

async function unitOf(main: string, catalogRoot: string): Promise<RootfsUnit | EntryWithoutDockerfile> {
  const first = await readOne(main, catalogRoot);
  const { rootfs } = first.kraftfile;
  const files = rootfsFilesOf(first, catalogRoot);
  if (files !== null) insistOnRootfs(first, files, catalogRoot);
  if (rootfs.kind !== 'dockerfile' || files === null) {
    const directory = dirname(main);
    const name = entryName(catalogRoot, directory);
    const reason = rootfs.kind === 'dockerfile' ? '' : INSTEAD[rootfs.kind];
    return { name, catalogRoot, directory, kraftfiles: [first], class: classOf(first.kraftfile), reason };
  }
  const siblings = await siblingsOf(first, files, catalogRoot);
  const directory = siblings.map(({ path }) => dirname(path)).reduce(commonDirectory, dirname(main));
  const named = (found: UnitKraftfile) => ({ ...found, name: relative(directory, found.path) });
  return {
    name: entryName(catalogRoot, directory),
    catalogRoot,
    directory,
    context: files.context,
    dockerfile: relative(directory, files.path),
    kraftfiles: [named(first), ...siblings.map(named)],
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
  throw new UserError(
    'rootfs-missing',
    `cannot use ${named} as the Dockerfile of ${name}: it is not a file`,
    {
      hint: `name the Dockerfile, such as ${join(named, 'Dockerfile')}`,
    },
  );
}

/**
 * The other Kraftfiles that name the same Dockerfile over the same context: beside the first, and around the
 * Dockerfile.
 */
async function siblingsOf(
  first: UnitKraftfile,
  unit: RootfsFiles,
  catalogRoot: string,
): Promise<UnitKraftfile[]> {
  const nearest = dirname(first.path);
  const home = dirname(unit.path);
  const beside = (await listKraftfiles(nearest, catalogRoot)).files;
  const around = kraftfileDirectories(searchedFrom(nearest, home, catalogRoot), NESTED(catalogRoot));
  const paths = new Set<string>();
  const add = (files: readonly string[]) => {
    for (const file of files) paths.add(file);
    assertWithin(
      paths.size,
      LIMITS.kraftfiles,
      `cannot read ${entryName(catalogRoot, nearest)}: there are more than % Kraftfiles`,
    );
  };
  add(beside);
  // each of them looks at all others, so that the walk ends at the limit
  for (const { files } of around) add(files);
  const siblings: UnitKraftfile[] = [];
  for (const path of paths) {
    if (path === first.path) continue;
    const sibling = await readOne(path, catalogRoot).catch((error: unknown) => {
      if (isOthers(dirname(path), { nearest, home })) return null;
      throw error;
    });
    if (sibling?.kraftfile.rootfs.kind !== 'dockerfile') continue;
    const named = rootfsFilesOf(sibling, catalogRoot);
    if (named?.path === unit.path && named.context === unit.context) siblings.push(sibling);
  }
  return siblings;
}

/** How far below the directory that is searched a Kraftfile may lie: `tests/a/Kraftfile` is one directory below. */
const MAX_DEPTH = 3;

const NESTED = (root: string) => ({ root, nested: true, maxDepth: MAX_DEPTH });

/**
 * Where Kraftfiles of a Dockerfile lie: below the directory that it has in common with the first. A folder of the
 * catalog holds other entries, and would be searched for each of them.
 */
function searchedFrom(nearest: string, home: string, catalogRoot: string): string {
  const common = commonDirectory(nearest, home);
  const isFolder = relative(catalogRoot, common).split(sep).length < 2;
  return isFolder && common !== nearest ? home : common;
}

/**
 * Whether a mistake in a Kraftfile is another entry's: a Dockerfile lies beside it, or it lies away from the unit's.
 */
function isOthers(directory: string, { nearest, home }: { nearest: string; home: string }): boolean {
  if (directory === nearest || directory === home) return false;
  return commonDirectory(directory, home) !== home || statPath(join(directory, 'Dockerfile')) !== null;
}

/** The nearest directory that holds two others. */
function commonDirectory(a: string, b: string): string {
  let at = a;
  while (!isWithin(at, b)) at = dirname(at);
  return at;
}

/** `name` is that of the file alone, until the unit's directory is known. */
async function readOne(path: string, catalogRoot: string): Promise<UnitKraftfile> {
  const text = await readKraftfileText(path, catalogRoot);
  const kraftfile = readKraftfile({ file: entryName(catalogRoot, path), text });
  return { name: basename(path), path, kraftfile };
}

/** A path as results name it: relative to the catalog's root, `.` for the root itself. */
function entryName(catalogRoot: string, path: string): string {
  return relative(catalogRoot, path) || '.';
}
