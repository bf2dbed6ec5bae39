import { resolvePath } from '../../shared/file-tree.ts';
import { baseName, type ImagePath, isWithin } from '../../shared/image-path.ts';
import { findInPath } from '../find-program.ts';
import { scriptChain } from '../script.ts';
import type { PromiseContext } from './rule.ts';
import { KINDS } from './runtimes/kinds.ts';
import type { Interpreter } from './runtimes/runtime.ts';

const runtimesOfKept = new WeakMap<
  ReadonlySet<ImagePath>,
  { readonly size: number; readonly runtimes: readonly Interpreter[] }
>();

/**
 * The interpreters that an app runs, at most one of each kind. Every rule of a round needs them, so they are found
 * once.
 */
export function runtimesOf(context: PromiseContext): readonly Interpreter[] {
  const { kept } = context;
  const known = runtimesOfKept.get(kept);
  // a round of rules adds to what is kept
  if (known !== undefined && known.size === kept.size) return known.runtimes;
  const runtimes = findRuntimes(context);
  runtimesOfKept.set(kept, { size: kept.size, runtimes });
  return runtimes;
}

function findRuntimes({ tree, launches, programs, kept }: PromiseContext): Interpreter[] {
  const sonames = new Set([...kept].map(baseName).filter((name) => name.includes('.so')));
  const found = new Map<Interpreter['kind'], Interpreter>();
  const environments = launches.length === 0 ? [{}] : launches.map(({ env }) => env);
  const named = launches.flatMap(({ argv, env }) => namedProgram(tree, argv[0], env) ?? []);
  for (const kind of KINDS) {
    const runtimes = environments.flatMap((env) =>
      [...named, ...programs].flatMap((program) => {
        const programFile = resolvePath(tree, program).path;
        return kind.find({ tree, env, program, programFile, sonames, kept }) ?? [];
      }),
    );
    if (runtimes.length === 0) continue;
    const library = runtimes.flatMap((found) => found.library);
    const modules = runtimes.flatMap((found) => found.modules);
    found.set(kind.name, {
      kind: kind.name,
      library: [...new Set(library)],
      modules: [...new Set(modules)].filter((path) => !library.includes(path)),
    });
  }
  return [...found.values()];
}

/**
 * The program that a command line leads to, by the name that it is started by: of a virtual environment that is a
 * link.
 */
function namedProgram(
  tree: PromiseContext['tree'],
  name: string,
  env: Readonly<Record<string, string>>,
): ImagePath | undefined {
  const found = name.includes('/') ? (name as ImagePath) : findInPath(tree, name, env);
  if (found === undefined || resolvePath(tree, found).entry?.type !== 'file') return undefined;
  const { program } = scriptChain(tree, found, env);
  return resolvePath(tree, program).entry?.type === 'file' ? program : undefined;
}

/** Real places of directories, as they are named: `/usr/share/perl/5.36.0` is `/usr/share/perl/5.36`. */
export type Naming = (path: ImagePath) => ImagePath;

/**
 * Gives a file below the directories of interpreters the name by which its interpreter opens it, since only names that
 * are asked for arrive in a result.
 */
export function namingOf(tree: PromiseContext['tree'], runtimes: readonly Interpreter[]): Naming {
  const linked = runtimes
    .flatMap(({ library, modules }) => [...library, ...modules])
    .map((name) => ({ name, real: resolvePath(tree, name).path }))
    .sort((a, b) => b.real.length - a.real.length);
  return (path) => {
    const found = linked.find(({ real }) => isWithin(path, real));
    return found === undefined ? path : (`${found.name}${path.slice(found.real.length)}` as ImagePath);
  };
}
