import { type FileTree, resolvePath } from '../shared/file-tree.ts';
import type { LoadContext } from './link-map.ts';
import { isAtLeast } from './loader-facts.ts';
import { absolutePath } from './open-object.ts';

/** A subdirectory that some processor's loader looks into before the directory itself; `path` ends in a slash. */
export type HwcapsDirectory = { readonly path: string; readonly hwcaps: string };

/**
 * The subdirectories of a search directory (text with its trailing slash, maybe relative) that any processor might
 * use, best first: `glibc-hwcaps/NAME/` since glibc 2.33, and before 2.37 directories nested in any order of the
 * legacy names. elf/dl-hwcaps.c `_dl_important_hwcaps`. That nests in one order only; here every order found is taken.
 */
export function hwcapsDirectories(
  { tree, cwd, facts, machine }: Pick<LoadContext, 'tree' | 'cwd' | 'facts' | 'machine'>,
  directory: string,
): HwcapsDirectory[] {
  const isThere = (path: string) => isDirectory(tree, absolutePath(path, cwd));
  const named = facts.glibcHwcaps && isThere(`${directory}glibc-hwcaps`) ? machine.hwcaps : [];
  return [
    ...named.map((hwcaps) => ({ path: `${directory}glibc-hwcaps/${hwcaps}/`, hwcaps })),
    ...(isAtLeast(facts, 37) ? [] : nested({ path: directory, hwcaps: '' }, machine.legacyHwcaps, isThere)),
  ].filter(({ path }) => isThere(path));
}

function nested(
  outer: HwcapsDirectory,
  names: readonly string[],
  isThere: (path: string) => boolean,
): HwcapsDirectory[] {
  return names.flatMap((name) => {
    const path = `${outer.path}${name}/`;
    if (!isThere(path)) return [];
    const hwcaps = outer.hwcaps === '' ? name : `${outer.hwcaps}/${name}`;
    const rest = names.filter((other) => other !== name);
    return [...nested({ path, hwcaps }, rest, isThere), { path, hwcaps }];
  });
}

function isDirectory(tree: FileTree, path: string): boolean {
  return resolvePath(tree, path).entry?.type === 'directory';
}
