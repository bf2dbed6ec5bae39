import { resolvePath } from '../../shared/file-tree.ts';
import { type ImagePath, isWithin } from '../../shared/image-path.ts';
import { filesBelow, isDirectory } from '../rules/tree-files.ts';
import type { PromiseContext, PromiseRule } from './rule.ts';
import type { Interpreter } from './runtimes/runtime.ts';
import { runtimesOf } from './runtimes.ts';
import { shadowedIn } from './shadowed.ts';

/**
 * The standard library of each interpreter that runs: its directories, without those of packages in them. For an app,
 * packages of the system that split a library are taken by whole-packages; a library that no package owns, as of an
 * interpreter that is built by hand, cannot be split.
 */
export const standardLibrary: PromiseRule = {
  name: 'standard-library',
  needs(context) {
    const runtimes = runtimesOf(context);
    const isShadowed = shadowedIn(context.tree, runtimes);
    return runtimes
      .flatMap((runtime) => libraryFiles(context, runtime))
      .filter((path) => !isShadowed(resolvePath(context.tree, path).path));
  },
};

function libraryFiles(context: PromiseContext, { library, modules }: Interpreter): ImagePath[] {
  const { tree, promise, packages } = context;
  const places = modules.map((path) => resolvePath(tree, path).path);
  const files = library
    .filter((path) => isDirectory(tree, path))
    .flatMap((path) => filesBelow(tree, path))
    .map((path) => ({ path, real: resolvePath(tree, path).path }))
    .filter(({ real }) => !places.some((place) => isWithin(real, place)));
  if (promise === 'runtime') return files.map(({ path }) => path);
  return files.filter(({ real }) => packages.ownerOf(real) === undefined).map(({ path }) => path);
}
