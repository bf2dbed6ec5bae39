import { type FileTree, resolvePath } from '../shared/file-tree.ts';
import { isAtLeast, type LoaderFacts } from './loader-facts.ts';
import type { MachineFacts } from './machine.ts';

/** A subdirectory that some processor's loader looks into before the directory itself; `path` ends in a slash. */
export type HwcapsDirectory = { readonly path: string; readonly hwcaps: string };

/**
 * The subdirectories of a search directory (text with its trailing slash) that any processor might use, best first:
 * `glibc-hwcaps/NAME/` since glibc 2.33, and before 2.37 directories nested in any order of the legacy names.
 * elf/dl-hwcaps.c `_dl_important_hwcaps`. That nests in one order only; here every order found is taken.
 */
export function hwcapsDirectories(
  tree: FileTree,
  directory: string,
  loader: { facts: LoaderFacts; machine: MachineFacts },
): HwcapsDirectory[] {
  const { facts, machine } = loader;
  const named = facts.glibcHwcaps && isDirectory(tree, `${directory}glibc-hwcaps`) ? machine.hwcaps : [];
  return [
    ...named.map((hwcaps) => ({ path: `${directory}glibc-hwcaps/${hwcaps}/`, hwcaps })),
    ...(isAtLeast(facts, 37) ? [] : nested(tree, directory, machine.legacyHwcaps)),
  ].filter(({ path }) => isDirectory(tree, path));
}

function nested(tree: FileTree, directory: string, names: readonly string[], outer = ''): HwcapsDirectory[] {
  return names.flatMap((name) => {
    const path = `${directory}${name}/`;
    if (!isDirectory(tree, path)) return [];
    const rest = names.filter((other) => other !== name);
    const hwcaps = `${outer}${name}`;
    return [...nested(tree, path, rest, `${hwcaps}/`), { path, hwcaps }];
  });
}

function isDirectory(tree: FileTree, path: string): boolean {
  return resolvePath(tree, path).entry?.type === 'directory';
}
