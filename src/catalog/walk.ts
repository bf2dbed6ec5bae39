import { join } from 'node:path';
import { isKraftfileName, kraftfilesAmong } from '../kraftfile/find-kraftfile.ts';
import { listOrNone } from '../store/read.ts';

/** A directory with a Kraftfile that has something in it. */
export type KraftfileDirectory = {
  /** Host path. */
  readonly directory: string;
  /** Host paths of its Kraftfiles, see `listKraftfiles`. */
  readonly files: readonly [string, ...string[]];
};

export type WalkOptions = {
  /** Host path of the catalog, which no link leads out of. */
  readonly root: string;
  /** Whether to look also below a directory with a Kraftfile: what lies there are the sources of an entry. */
  readonly nested?: boolean;
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
  { root, nested = false, maxDepth = Number.POSITIVE_INFINITY }: WalkOptions,
): Generator<KraftfileDirectory> {
  const listed = listOrNone(directory, root);
  const names = listed.flatMap((entry) => (entry.isDirectory() ? [] : [entry.name]));
  const [first, ...more] = names.some(isKraftfileName) ? kraftfilesAmong(directory, names, root).files : [];
  if (first !== undefined) {
    yield { directory, files: [first, ...more] };
    if (!nested) return;
  }
  if (maxDepth === 0) return;
  for (const entry of listed) {
    if (!entry.isDirectory() || entry.name.startsWith('.') || entry.name === 'node_modules') continue;
    yield* kraftfileDirectories(join(directory, entry.name), { root, nested, maxDepth: maxDepth - 1 });
  }
}
