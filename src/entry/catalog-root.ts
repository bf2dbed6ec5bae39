import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folders that a catalog has at its root; two of them make one. */
export const CATALOG_FOLDERS: readonly string[] = ['library', 'examples', 'native', 'tests'];

/**
 * The root of the catalog that a directory lies in: the nearest ancestor holding two of the catalog's folders,
 * else the top of its git work tree, else `fallback`.
 */
export function findCatalogRoot(directory: string, fallback: string): string {
  return (
    nearest(
      directory,
      (at) => CATALOG_FOLDERS.filter((folder) => existsSync(join(at, folder))).length >= 2,
    ) ??
    nearest(directory, (at) => existsSync(join(at, '.git'))) ??
    fallback
  );
}

function nearest(directory: string, isIt: (at: string) => boolean): string | undefined {
  for (let at = directory; ; at = dirname(at)) {
    if (isIt(at)) return at;
    if (at === dirname(at)) return undefined;
  }
}
