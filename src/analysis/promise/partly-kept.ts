import { walk } from '../../shared/file-tree.ts';
import type { ImagePath } from '../../shared/image-path.ts';
import { type DataContext, dataDirectory, isBuildFile, isGoverned, isVolatile } from './data-directory.ts';
import { isDeadWeight } from './dead-weight.ts';
import type { PromiseContext } from './rule.ts';

/** A directory that no package owns, of which a result has some files and lacks others. */
export type PartlyKept = {
  readonly directory: ImagePath;
  readonly kept: number;
  readonly total: number;
  /** Bytes of the files that go. */
  readonly lostBytes: number;
};

/**
 * The directories of the author of which only a part is kept, the directory that loses the most bytes first. `kept`
 * holds real paths. What lives no longer than a run, what an interpreter governs and what a compiler reads do not
 * count.
 */
export function partlyKept(
  context: DataContext & Pick<PromiseContext, 'made'>,
  kept: ReadonlySet<ImagePath>,
): PartlyKept[] {
  const { tree, packages, made } = context;
  const isAuthors = (path: ImagePath) => made(path) === 'author';
  const found = new Map<ImagePath, PartlyKept>();
  for (const [path, { type, size }] of walk(tree)) {
    if (type !== 'file' || packages.ownerOf(path) !== undefined || isDeadWeight(path)) continue;
    if (isVolatile(path) || isGoverned(path) || isBuildFile(path) || !isAuthors(path)) continue;
    const directory = dataDirectory(path, context, isAuthors);
    if (directory === null) continue;
    const known = found.get(directory) ?? { directory, kept: 0, total: 0, lostBytes: 0 };
    const isKept = kept.has(path);
    found.set(directory, {
      directory,
      kept: known.kept + (isKept ? 1 : 0),
      total: known.total + 1,
      lostBytes: known.lostBytes + (isKept ? 0 : size),
    });
  }
  return [...found.values()]
    .filter((counted) => counted.kept > 0 && counted.kept < counted.total)
    .sort((a, b) => b.lostBytes - a.lostBytes || (a.directory < b.directory ? -1 : 1));
}
