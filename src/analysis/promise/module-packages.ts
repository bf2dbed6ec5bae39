import { append } from '../../shared/append.ts';
import type { FileTree } from '../../shared/file-tree.ts';
import type { ImagePath } from '../../shared/image-path.ts';
import { composer } from './managers/composer.ts';
import { gem } from './managers/gem.ts';
import { loose } from './managers/loose.ts';
import type { ModuleManager, ModulePackage } from './managers/manager.ts';
import { npm } from './managers/npm.ts';
import { packlist } from './managers/packlist.ts';
import { pip } from './managers/pip.ts';
import { rLibrary } from './managers/r-library.ts';
import { system } from './managers/system.ts';
import type { PromiseContext } from './rule.ts';
import type { Interpreter } from './runtimes/runtime.ts';
import { namingOf, runtimesOf } from './runtimes.ts';
import { shadowedIn } from './shadowed.ts';

/** A manager takes what those before it do not own. */
const MANAGERS: readonly ModuleManager[] = [system, pip, npm, gem, composer, packlist, rLibrary, loose];

/** The packages with modules for the interpreters of an app, by their ids. */
export type ModulePackages = {
  readonly all: ReadonlyMap<string, ModulePackage>;
  /** Packages that a file belongs to, by its real place. */
  readonly of: (path: ImagePath) => readonly string[];
};

const packagesOfTree = new WeakMap<FileTree, { readonly key: string; readonly packages: ModulePackages }>();

/** What the package managers of a root file system know of modules; read again where other directories count. */
export function modulePackages(context: PromiseContext): ModulePackages {
  const runtimes = runtimesOf(context);
  const key = JSON.stringify([runtimes, context.installed]);
  const known = packagesOfTree.get(context.tree);
  if (known?.key === key) return known.packages;
  const packages = readModulePackages(context, runtimes);
  packagesOfTree.set(context.tree, { key, packages });
  return packages;
}

function readModulePackages(context: PromiseContext, runtimes: readonly Interpreter[]): ModulePackages {
  const all = new Map<string, ModulePackage>();
  const owners = new Map<ImagePath, string[]>();
  if (runtimes.length === 0) return { all, of: () => [] };
  const isOwned = (path: ImagePath) => context.packages.ownerOf(path) !== undefined || owners.has(path);
  for (const manager of MANAGERS) {
    for (const found of manager.packages({ context, runtimes, isOwned })) {
      all.set(found.id, found);
      for (const path of found.files()) claim(owners, path, found.id);
    }
  }
  return { all, of: (path) => owners.get(path) ?? [] };
}

function claim(owners: Map<ImagePath, string[]>, path: ImagePath, id: string): void {
  const known = owners.get(path);
  if (known === undefined) owners.set(path, [id]);
  else known.push(id);
}

/** Packages, those that they need, those that these need, and so on. */
export function withDependencies({ all }: ModulePackages, ids: Iterable<string>): ModulePackage[] {
  const taken = new Map<string, ModulePackage>();
  const todo = [...ids];
  while (todo.length > 0) {
    const found = all.get(todo.pop() as string);
    if (found === undefined || taken.has(found.id)) continue;
    taken.set(found.id, found);
    append(todo, found.dependencies());
  }
  return [...taken.values()];
}

/** The files of packages, by the names under which their interpreters open them. */
export function filesOf(context: PromiseContext, packages: readonly ModulePackage[]): ImagePath[] {
  const runtimes = runtimesOf(context);
  const nameOf = namingOf(context.tree, runtimes);
  const isShadowed = shadowedIn(context.tree, runtimes);
  return packages
    .flatMap((found) => found.files())
    .filter((path) => !isShadowed(path))
    .map(nameOf);
}
