import { fileSource } from '../elf/byte-source.ts';
import type { Closure, Lookup, MissingObject } from '../elf/closure.ts';
import type { ClosureOptions } from '../elf/closure-options.ts';
import { isElf } from '../elf/elf-header.ts';
import { resolveClosure } from '../elf/resolve-closure.ts';
import type { Launch } from '../entry/launch.ts';
import { type FileTree, resolvePath } from '../shared/file-tree.ts';
import { type ImagePath, imagePath } from '../shared/image-path.ts';
import { findProgram } from './find-program.ts';
import type { Need, Reason } from './need.ts';

/** What can be known of a launch without running it. */
export type StaticFindings = {
  readonly program: ImagePath;
  readonly needs: readonly Need[];
  /** Libraries that the dynamic linker would not find. */
  readonly missing: readonly MissingObject[];
};

/**
 * Follows a launch as the kernel and the dynamic linker would: program, interpreter, libraries.
 * @throws UserError `cmd-not-found`.
 */
export function analyseStatically(tree: FileTree, launch: Pick<Launch, 'argv' | 'env'>): StaticFindings {
  const program = findProgram(tree, launch.argv[0], launch.env);
  const started: Need = { path: program, reason: { kind: 'started' } };
  const found = resolvePath(tree, program);
  if (!isElf(fileSource(tree, found.path))) return { program, needs: [started], missing: [] };
  const closure = resolveClosure(tree, [program], loaderEnv(launch.env));
  return { program, needs: [started, ...needsOfClosure(program, closure)], missing: closure.missing };
}

/**
 * Whether the dynamic linker finds something only because ld.so.cache names it: a linked library, or one of those
 * that the program was seen to load by itself.
 */
export function needsLoaderCache(
  tree: FileTree,
  launch: Pick<Launch, 'argv' | 'env'>,
  loaded: readonly string[],
): boolean {
  const program = findProgram(tree, launch.argv[0], launch.env);
  return resolveClosure(tree, [program, ...loaded], loaderEnv(launch.env)).cacheNeeded.length > 0;
}

/** What the dynamic linker takes from the environment of a launch. */
function loaderEnv(env: Readonly<Record<string, string>>): ClosureOptions {
  const { LD_LIBRARY_PATH: libraryPath, LD_PRELOAD: preload } = env;
  return {
    ...(libraryPath === undefined ? {} : { libraryPath }),
    ...(preload === undefined ? {} : { preload }),
  };
}

function needsOfClosure(program: ImagePath, closure: Closure): Need[] {
  const needs: Need[] = [];
  for (const { lookups } of [...closure.objects, ...closure.variants]) {
    for (const lookup of lookups) {
      if (lookup.request === 'program') continue;
      needs.push({ path: namedPath(lookup), reason: reasonOf(lookup, program) });
    }
  }
  for (const { path, kind } of closure.configuration) {
    needs.push({ path, reason: { kind: 'rule', rule: `loader-${kind}` } });
  }
  return needs;
}

/** The path as the loader opens it; where a `..` makes its text ambiguous, the file's own place. */
function namedPath({ path, realPath }: Lookup): ImagePath {
  return path.split('/').includes('..') ? realPath : imagePath(path);
}

function reasonOf({ request, neededBy }: Lookup, program: ImagePath): Reason {
  return request === 'interpreter'
    ? { kind: 'interpreter', of: program }
    : { kind: 'elf-needed', by: neededBy ?? program };
}
