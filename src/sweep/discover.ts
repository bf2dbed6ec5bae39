import { basename, dirname, join, relative } from 'node:path';
import { libraryEntryOf } from '../entry/library-entry.ts';
import { type ListedUnit, unitsOf } from '../entry/list-units.ts';
import type { EntryWithoutDockerfile, RootfsUnit } from '../entry/unit.ts';
import { isKraftfileName, isStandardName } from '../kraftfile/find-kraftfile.ts';
import { comparePaths } from '../shared/image-path.ts';
import type { CatalogEntry } from './catalog-entry.ts';

/** Every unit of a catalog, in byte order of what identifies them. */
export async function discoverEntries(catalogRoot: string): Promise<CatalogEntry[]> {
  const entries = new Map<string, CatalogEntry>();
  for await (const { path, unit } of unitsOf(catalogRoot)) {
    const entry = unit === null ? unreadable(path, catalogRoot) : foundOf(unit, catalogRoot);
    // a Dockerfile over two contexts makes two units
    const id = entries.has(entry.id) ? `${entry.id} ${nameOf(catalogRoot, entry.path)}` : entry.id;
    entries.set(id, { ...entry, id });
  }
  return [...entries.values()].sort((a, b) => comparePaths(a.id, b.id));
}

function unreadable(path: ListedUnit['path'], catalogRoot: string): CatalogEntry {
  const name = nameOf(catalogRoot, isKraftfileName(basename(path)) ? dirname(path) : path);
  return { id: nameOf(catalogRoot, path), name, path, class: null, runtime: null, directories: [name] };
}

function foundOf(unit: RootfsUnit | EntryWithoutDockerfile, catalogRoot: string): CatalogEntry {
  const [first] = unit.kraftfiles;
  if (first === undefined) throw new Error(`cannot use ${unit.name} as an entry: it has no Kraftfile`);
  const file = 'dockerfile' in unit ? join(unit.directory, unit.dockerfile) : first.path;
  const { runtime } = first.kraftfile;
  const directories = [
    unit.directory,
    dirname(file),
    ...unit.kraftfiles.map((listed) => dirname(listed.path)),
  ];
  if ('dockerfile' in unit) directories.push(unit.context);
  return {
    id: nameOf(catalogRoot, file),
    name: unit.name,
    path: isStandardName(basename(first.path)) ? dirname(first.path) : first.path,
    class: unit.class,
    runtime: unit.class === 'runtime-delta' && runtime !== null ? libraryEntryOf(runtime, catalogRoot) : null,
    directories: [...new Set(directories.map((directory) => nameOf(catalogRoot, directory)))],
  };
}

function nameOf(catalogRoot: string, path: string): string {
  return relative(catalogRoot, path) || '.';
}
