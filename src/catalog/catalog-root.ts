import { basename, dirname, join, relative, resolve } from 'node:path';
import { isKraftfileName } from '../kraftfile/find-kraftfile.ts';
import { isWithin, realOrSame } from '../store/inside.ts';
import { statPath } from '../store/read.ts';

/** The folders that a catalog has at its root; two of them make one. */
export const CATALOG_FOLDERS = ['library', 'examples', 'native', 'tests'] as const;

/**
 * The root of the catalog that a directory lies in: the nearest ancestor holding two of the catalog's folders,
 * else the top of its git work tree, else `fallback` where that holds the directory, else the directory itself.
 */
export function findCatalogRoot(directory: string, fallback: string): string {
  return (
    nearest(directory, holdsCatalogFolders) ??
    nearest(directory, (at) => statPath(join(at, '.git')) !== null) ??
    (isWithin(realOrSame(fallback), realOrSame(directory)) ? fallback : directory)
  );
}

/** Whether a directory holds two of the folders of a catalog. */
export function holdsCatalogFolders(directory: string): boolean {
  return CATALOG_FOLDERS.filter((folder) => statPath(join(directory, folder)) !== null).length >= 2;
}

/** How results call a path that cannot be read as an entry: its directory below the catalog's root. */
export function nameOfPath(path: string): string {
  const directory = isKraftfileName(basename(path)) ? dirname(resolve(path)) : resolve(path);
  return relative(findCatalogRoot(directory, process.cwd()), directory) || '.';
}

function nearest(directory: string, isIt: (at: string) => boolean): string | undefined {
  for (let at = directory; ; at = dirname(at)) {
    if (isIt(at)) return at;
    if (at === dirname(at)) return undefined;
  }
}
