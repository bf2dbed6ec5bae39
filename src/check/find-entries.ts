import { dirname, relative, resolve, sep } from 'node:path';
import { findCatalogRoot } from '../catalog/catalog-root.ts';
import { kraftfileDirectories } from '../catalog/walk.ts';
import { UserError } from '../shared/failure.ts';
import { isUserDirectory } from '../store/user-file.ts';

/** What paths on the command line ask to be checked. */
export type CheckSelection = {
  /** Host path of the catalog's root. */
  readonly root: string;
  /** The catalog itself is among them. */
  readonly isWhole: boolean;
  /** Names of entries, in the order of the paths, each once. */
  readonly entries: readonly string[];
};

/**
 * The entries that paths name: directories of entries, files in them, and directories above; without a path those
 * of the catalog that the current directory lies in.
 * @throws UserError `kraftfile-missing` where a path leads to no entry, `usage` for paths of two catalogs.
 */
export function selectEntries(paths: readonly string[]): CheckSelection {
  const [first = findCatalogRoot(process.cwd(), process.cwd()), ...more] = paths;
  const root = rootOf(first);
  const other = more.find((path) => rootOf(path) !== root);
  if (other !== undefined)
    throw new UserError('usage', `cannot check ${first} and ${other} in one run: they are of two catalogs`);
  const entries = new Set<string>();
  let isWhole = false;
  for (const path of [first, ...more]) {
    const directory = directoryOf(path);
    isWhole ||= directory === root;
    const found = [...kraftfileDirectories(directory, { root, bare: true })].map((place) =>
      nameIn(root, place.directory),
    );
    if (found.length === 0) {
      throw new UserError(
        'kraftfile-missing',
        `cannot find an entry: there is no Kraftfile in or below ${path}`,
      );
    }
    for (const entry of found) entries.add(entry);
  }
  return { root, isWhole, entries: [...entries] };
}

function nameIn(root: string, directory: string): string {
  return relative(root, directory).split(sep).join('/') || '.';
}

function rootOf(path: string): string {
  const directory = directoryOf(path);
  return findCatalogRoot(directory, directory);
}

/** @throws UserError `kraftfile-missing`. */
function directoryOf(path: string): string {
  const absolute = resolve(path);
  const isDirectory = isUserDirectory(absolute);
  if (isDirectory === null)
    throw new UserError('kraftfile-missing', `cannot check ${path}: there is no such path`);
  return isDirectory ? absolute : dirname(absolute);
}
