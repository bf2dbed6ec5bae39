import { delimiter, isAbsolute, relative, resolve } from 'node:path';

/** Where npm and npx put the programs of a project, which a catalog can hold; no program of the table lives there. */
const PROJECT_PROGRAMS = /\/node_modules\/\.bin\/*$/;

/**
 * The directories of a `PATH` in which no catalog can place a program: relative and empty elements mean the current
 * directory, which may be an entry, and a directory below `catalog` belongs to the catalog's authors.
 */
export function trustedSearchPath(path: string, catalog: string | null = null): string {
  return path
    .split(delimiter)
    .filter((element) => isAbsolute(element) && !PROJECT_PROGRAMS.test(element))
    .filter((element) => catalog === null || !isBelow(catalog, element))
    .join(delimiter);
}

/** Every path lies below `/`, so a catalog there would leave no program at all. */
function isBelow(directory: string, path: string): boolean {
  const from = resolve(directory);
  if (from === '/') return false;
  const way = relative(from, resolve(path));
  return way === '' || (way !== '..' && !way.startsWith('../') && !isAbsolute(way));
}
