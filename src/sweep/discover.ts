import { basename, dirname, join, relative } from 'node:path';
import { readUnit } from '../entry/read-unit.ts';
import { entryOf } from '../entry/runtime.ts';
import type { EntryWithoutDockerfile, RootfsUnit } from '../entry/unit.ts';
import { isKraftfileName, listKraftfiles, STANDARD_NAMES } from '../kraftfile/find-kraftfile.ts';
import { UserError } from '../shared/failure.ts';
import { comparePaths } from '../shared/image-path.ts';
import { listOrNone } from '../store/read.ts';
import type { CatalogEntry } from './catalog-entry.ts';

/**
 * Every rootfs unit of a catalog, each once, in byte order of their names. Directories below an entry are its sources,
 * whatever lies in them; hidden ones and packages of Node are no one's. An empty Kraftfile marks a directory of the
 * catalog, not an entry.
 */
export async function discoverEntries(catalogRoot: string): Promise<CatalogEntry[]> {
  const entries = new Map<string, CatalogEntry>();
  const known = new Set<string>();
  for await (const directory of entryDirectories(catalogRoot, catalogRoot)) {
    for (const path of await pathsOf(directory, catalogRoot)) {
      if (known.has(path)) continue;
      const { entry, kraftfiles } = await entryAt(catalogRoot, path);
      for (const kraftfile of kraftfiles) known.add(kraftfile);
      entries.set(entry.id, entry);
      // the others of the directory would fail for the same reason
      if (entry.class === null) break;
    }
  }
  return [...entries.values()].sort((a, b) => comparePaths(a.id, b.id));
}

/** The directories at or below one that hold a Kraftfile, nested ones left out. */
async function* entryDirectories(directory: string, root: string): AsyncGenerator<string> {
  const found = listOrNone(directory, root);
  const mayBeEntry = found.some((one) => !one.isDirectory() && isKraftfileName(one.name));
  if (mayBeEntry && (await listKraftfiles(directory, root)).files.length > 0) {
    yield directory;
    return;
  }
  const names = found.filter((one) => one.isDirectory()).map(({ name }) => name);
  for (const name of names.sort(comparePaths)) {
    if (name.startsWith('.') || name === 'node_modules') continue;
    yield* entryDirectories(join(directory, name), root);
  }
}

/** Where the units of a directory are read: the directory itself for a Kraftfile of a usual name, and every other Kraftfile. */
async function pathsOf(directory: string, root: string): Promise<string[]> {
  const { files } = await listKraftfiles(directory, root);
  const others = files.filter((path) => !isStandard(path));
  return others.length < files.length ? [directory, ...others] : others;
}

function isStandard(path: string): boolean {
  return (STANDARD_NAMES as readonly string[]).includes(basename(path));
}

type Found = { readonly entry: CatalogEntry; readonly kraftfiles: readonly string[] };

async function entryAt(catalogRoot: string, path: string): Promise<Found> {
  try {
    return foundOf(await readUnit(path), catalogRoot);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const name = nameOf(catalogRoot, isKraftfileName(basename(path)) ? dirname(path) : path);
    const entry = {
      id: nameOf(catalogRoot, path),
      name,
      path,
      class: null,
      runtime: null,
      directories: [name],
    };
    return { entry, kraftfiles: [path] };
  }
}

function foundOf(unit: RootfsUnit | EntryWithoutDockerfile, catalogRoot: string): Found {
  const [first] = unit.kraftfiles;
  if (first === undefined) throw new Error(`cannot take ${unit.name} for an entry: it has no Kraftfile`);
  const file = 'dockerfile' in unit ? join(unit.directory, unit.dockerfile) : first.path;
  const { runtime } = first.kraftfile;
  const own = [unit.directory, ...unit.kraftfiles.map((one) => dirname(one.path))];
  const directories = 'dockerfile' in unit ? [...own, unit.context] : own;
  const entry: CatalogEntry = {
    id: nameOf(catalogRoot, file),
    name: unit.name,
    path: isStandard(first.path) ? dirname(first.path) : first.path,
    class: unit.class,
    runtime: unit.class === 'runtime-delta' && runtime !== null ? entryOf(runtime) : null,
    directories: [...new Set(directories.map((directory) => nameOf(catalogRoot, directory)))],
  };
  // a directory stands for its usual Kraftfile
  return {
    entry,
    kraftfiles: unit.kraftfiles.flatMap((one) => [
      one.path,
      ...(isStandard(one.path) ? [dirname(one.path)] : []),
    ]),
  };
}

function nameOf(catalogRoot: string, path: string): string {
  return relative(catalogRoot, path) || '.';
}
