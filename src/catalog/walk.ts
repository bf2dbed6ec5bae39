import { dirname, join, relative, sep } from 'node:path';
import { isKraftfileName, kraftfilesAmong } from '../kraftfile/find-kraftfile.ts';
import { listOrNone, statPath } from '../store/read.ts';
import { CATALOG_FOLDERS, holdsCatalogFolders } from './catalog-root.ts';

/** A directory with a Kraftfile that has something in it. */
export type KraftfileDirectory = {
  /** Host path. */
  readonly directory: string;
  /** Host paths of its Kraftfiles, see `listKraftfiles`; of a bare entry the path where one would be. */
  readonly files: readonly [string, ...string[]];
};

export type WalkOptions = {
  /** Host path of the catalog, which no link leads out of. */
  readonly root: string;
  /** Whether to look also below a directory with a Kraftfile: what lies there are the sources of an entry. */
  readonly nested?: boolean;
  /** Whether directories count that have a Dockerfile alone, see `isBareEntry`. */
  readonly bare?: boolean;
  /** How many directories below the first to look at; by default as deep as they go. */
  readonly maxDepth?: number;
};

/**
 * The walk over a catalog: the directories with a Kraftfile, the first directory among them, in byte order. An empty
 * Kraftfile marks a directory of entries. Links, hidden directories and packages of Node are left out, and so is what
 * cannot be listed.
 */
export function* kraftfileDirectories(
  directory: string,
  { root, nested = false, bare = false, maxDepth = Number.POSITIVE_INFINITY }: WalkOptions,
): Generator<KraftfileDirectory> {
  const listed = listOrNone(directory, root);
  const names = listed.flatMap((entry) => (entry.isDirectory() ? [] : [entry.name]));
  const [first, ...more] = names.some(isKraftfileName) ? kraftfilesAmong(directory, names, root).files : [];
  if (first !== undefined) {
    yield { directory, files: [first, ...more] };
    if (!nested) return;
  } else if (bare && names.includes(DOCKERFILE) && isBareEntry(directory, root)) {
    yield { directory, files: [join(directory, 'Kraftfile')] };
    return;
  }
  if (maxDepth === 0) return;
  for (const entry of listed) {
    if (!entry.isDirectory() || entry.name.startsWith('.') || entry.name === 'node_modules') continue;
    yield* kraftfileDirectories(join(directory, entry.name), {
      root,
      nested,
      bare,
      maxDepth: maxDepth - 1,
    });
  }
}

const DOCKERFILE = 'Dockerfile';

/** An entry lies at a catalog's top, or is a service in a directory there. */
const MAX_BARE_DEPTH = 2;

/**
 * Whether a directory with a Dockerfile is an entry though it has no Kraftfile: where entries lie, and with no
 * Kraftfile in it, above it or below it, which would make it the sources of an entry or what several entries share.
 */
export function isBareEntry(directory: string, root: string): boolean {
  const way = relative(root, directory).split(sep).filter(Boolean);
  const [folder = ''] = way;
  if (folder === '..') return false;
  const isPlace = holdsCatalogFolders(root)
    ? way.length > 1 && (CATALOG_FOLDERS as readonly string[]).includes(folder)
    : way.length <= MAX_BARE_DEPTH;
  if (!isPlace || statPath(join(directory, DOCKERFILE))?.isFile() !== true) return false;
  for (let at = directory; ; at = dirname(at)) {
    const names = listOrNone(at, root).map(({ name }) => name);
    const { files, markers } = kraftfilesAmong(at, names, root);
    if (files.length > 0 || (at === directory && markers.length > 0)) return false;
    if (at === root || at === dirname(at)) break;
  }
  return kraftfileDirectories(directory, { root }).next().done === true;
}
