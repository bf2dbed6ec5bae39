import type { Assumption } from '../../config/config-schema.ts';
import type { FileTree } from '../../shared/file-tree.ts';
import { resolvePath } from '../../shared/file-tree.ts';
import { type ImagePath, imagePath } from '../../shared/image-path.ts';
import { runsScripts } from './interpreters.ts';
import { keptCode } from './kept-code.ts';
import type { PromiseContext, PromiseRule } from './rule.ts';

/**
 * Data of the system that programs share: users, time zones, certificates. It stays where something that is kept can
 * read it, where the author installed a package for it, or where `assume` says so.
 */
export type Database = {
  /** The rule's name in reasons: `time-zones`. */
  readonly name: string;
  /** Functions of libraries by which a program reads it. */
  readonly functions: readonly string[];
  /** Paths that a program which opens the files without a library has in its bytes. */
  readonly texts: readonly string[];
  /** Packages that an author installs for it, by their names in the distributions. */
  readonly packages: readonly string[];
  readonly assumption?: Assumption;
  /** Whether it stays for every script; false for what few of them read and is large. Default true. */
  readonly isForScripts?: boolean;
  readonly paths: (context: PromiseContext) => readonly ImagePath[];
};

/** The rule that keeps a database. */
export function databaseRule(database: Database): PromiseRule {
  return {
    name: database.name,
    needs: (context) => (canBeRead(database, context) ? database.paths(context) : []),
  };
}

/** Whether something in the entry can read a database. Scripts can read all of them, since interpreters offer all. */
export function canBeRead(
  { assumption, functions, texts, packages, isForScripts = true }: Omit<Database, 'name' | 'paths'>,
  context: PromiseContext,
): boolean {
  if (assumption !== undefined && context.assumes(assumption)) return true;
  if (packages.some((name) => context.installed.includes(name))) return true;
  if (isForScripts && runsScripts(context)) return true;
  const code = keptCode(context);
  return code.imports(...functions) || code.names(...texts);
}

/** Names of functions together with their reentrant variants, which end in `_r`. */
export function withReentrant(names: readonly string[]): string[] {
  return names.flatMap((name) => [name, `${name}_r`]);
}

/** Files that hold something. Engines put empty files in the place of /etc/hosts and /etc/resolv.conf. */
export function filledFiles(tree: FileTree, paths: readonly string[]): ImagePath[] {
  return paths
    .map((path) => imagePath(path))
    .filter((path) => {
      const { entry } = resolvePath(tree, path);
      return entry?.type === 'file' && entry.size > 0;
    });
}
