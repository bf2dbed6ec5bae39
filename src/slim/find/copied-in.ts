import { expandStage } from '../../dockerfile/expand-stage.ts';
import { type CopyFrom, type Dockerfile, isCopy, type Stage } from '../../dockerfile/model.ts';
import { type FileTree, resolvePath } from '../../shared/file-tree.ts';
import { baseName, childOf, type ImagePath, imagePath, isWithin } from '../../shared/image-path.ts';

/** A directory that a COPY line of a stage copies from another stage or from an image. */
export type DirectoryCopy = {
  /** Where it arrives, free of links. */
  readonly path: ImagePath;
  readonly from: CopyFrom;
  /** Where a path below it comes from; null for a path elsewhere. */
  readonly originOf: (path: ImagePath) => ImagePath | null;
};

/**
 * The directories that `COPY --from` lines copy. A source is a file where a file of its name, or one in place of the
 * destination, has arrived; the content of every other source lies directly in the destination.
 */
export function directoryCopies(
  dockerfile: Dockerfile,
  chain: readonly Stage[],
  tree: FileTree,
): DirectoryCopy[] {
  return chain.flatMap((stage) =>
    expandStage(dockerfile, stage).instructions.flatMap(({ instruction, copy }) => {
      if (copy === null || !isCopy(instruction) || instruction.from === null) return [];
      const { path, entry } = resolvePath(tree, copy.destination);
      if (entry?.type !== 'directory') return [];
      const { from } = instruction;
      return copy.sources
        .map((source) => imagePath(source))
        .filter((source) => resolvePath(tree, childOf(path, baseName(source))).entry?.type !== 'file')
        .map((source) => ({
          path,
          from,
          originOf: (at: ImagePath) =>
            isWithin(at, path) ? imagePath(`${source}/${at.slice(path === '/' ? 0 : path.length)}`) : null,
        }));
    }),
  );
}
