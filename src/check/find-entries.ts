import { dirname, join, relative, resolve, sep } from 'node:path';
import { findCatalogRoot } from '../entry/catalog-root.ts';
import { listKraftfiles } from '../kraftfile/find-kraftfile.ts';
import { append } from '../shared/append.ts';
import { UserError } from '../shared/failure.ts';
import { isUserDirectory } from '../store/user-file.ts';
import type { Files } from './files.ts';

/** What paths on the command line ask to be checked. */
export type Selection = {
  /** Host path of the catalog's root. */
  readonly root: string;
  /** The catalog itself is among them. */
  readonly isWhole: boolean;
  /** Names of entries, in the order of the paths, each once. */
  readonly entries: readonly string[];
};

/** Entries do not lie deeper below the catalog's root. */
const MAX_DEPTH = 5;

/**
 * The entries that paths name: directories of entries, files in them, and directories above; without a path those
 * of the catalog that the current directory lies in.
 * @throws UserError `kraftfile-missing` where a path leads to no entry, `usage` for paths of two catalogs.
 */
export async function selectEntries(
  paths: readonly string[],
  filesOf: (root: string) => Files,
): Promise<Selection> {
  const [first = findCatalogRoot(process.cwd(), process.cwd()), ...more] = paths;
  const root = rootOf(first);
  const other = more.find((path) => rootOf(path) !== root);
  if (other !== undefined)
    throw new UserError('usage', `cannot check ${first} and ${other} in one run: they are of two catalogs`);
  const entries = new Set<string>();
  let isWhole = false;
  for (const path of [first, ...more]) {
    const directory = directoryOf(path);
    const name = relative(root, directory).split(sep).join('/') || '.';
    isWhole ||= name === '.';
    const found = await entriesBelow(filesOf(root), name);
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

/**
 * The entries in and below a directory. What lies below an entry is its sources, be there a Kraftfile or not; an
 * empty Kraftfile marks a directory of entries.
 */
async function entriesBelow(files: Files, name: string): Promise<string[]> {
  const { files: kraftfiles } = await listKraftfiles(join(files.root, name), files.root);
  if (kraftfiles.length > 0) return [name];
  if (name !== '.' && name.split('/').length >= MAX_DEPTH) return [];
  const found: string[] = [];
  for (const entry of await files.list(name)) {
    if (!entry.isDirectory() || entry.name.startsWith('.') || entry.name === 'node_modules') continue;
    append(found, await entriesBelow(files, name === '.' ? entry.name : `${name}/${entry.name}`));
  }
  return found;
}
