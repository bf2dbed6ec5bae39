import { resolvePath } from '../../shared/file-tree.ts';
import { childOf, type ImagePath } from '../../shared/image-path.ts';
import type { Need } from '../need.ts';
import { dataBelow, dataDirectory, namedDirectory } from './data-directory.ts';
import type { PromiseContext, PromiseRule } from './rule.ts';

/**
 * Data that the app changes: the directory that holds a file which it writes, as a whole. A database reads tables
 * that no probe asks for, and a repository objects that no probe fetches.
 */
export const writtenData: PromiseRule = {
  name: 'written-data',
  needs(context) {
    const directories = context.written.map((path) => dataDirectory(realPlace(context, path), context));
    return wholeOf(directories, context);
  },
};

/**
 * What RUN steps of the author have made, and no package owns: the directory of which the app has touched a file, as a
 * whole. Generated pages, a vendor directory with an autoloader and plugins are such.
 */
export const authorFiles: PromiseRule = {
  name: 'author-files',
  needs(context) {
    const isAuthors = (path: ImagePath) => context.made(path) === 'author';
    const touched = new Set(context.needs.flatMap((need) => touchedBy(need, context)));
    const directories = [...touched].flatMap((path) =>
      isAuthors(path) && context.packages.ownerOf(path) === undefined
        ? [dataDirectory(path, context, isAuthors)]
        : [],
    );
    return wholeOf(directories, context).filter(isAuthors);
  },
};

/** What a COPY line copies from another stage as a directory: the author names it, and made it there. */
export const stageDirectories: PromiseRule = {
  name: 'stage-directories',
  needs(context) {
    const isAuthors = (path: ImagePath) => context.made(path) === 'author';
    const directories = context.copiedIn.map((directory) =>
      namedDirectory(resolvePath(context.tree, directory).path, context),
    );
    return wholeOf(directories, context).filter(isAuthors);
  },
};

/** A path that the app names, with the links above it followed; the file itself may be gone by now. */
function realPlace({ tree }: PromiseContext, path: ImagePath): ImagePath {
  return resolvePath(tree, path, { followLast: false }).path;
}

/** The files, links and listed directories that the app has touched for a need, each by its own place. */
function touchedBy({ path, reason }: Need, { tree }: PromiseContext): ImagePath[] {
  if (reason.kind !== 'traced' && reason.kind !== 'started') return [];
  const { path: real, links, entry } = resolvePath(tree, path);
  const isListed = reason.kind === 'traced' && reason.how === 'listed';
  if (entry?.type !== 'directory') return [...links, real];
  return isListed
    ? [
        ...links,
        ...tree
          .list(real)
          .slice(0, 1)
          .map((name) => childOf(real, name)),
      ]
    : [...links];
}

function wholeOf(directories: readonly (ImagePath | null)[], context: PromiseContext): ImagePath[] {
  const found = new Set(directories.filter((directory) => directory !== null));
  const all = [...found].flatMap((directory) => [...dataBelow(directory, context)]);
  return [...new Set(all)];
}
