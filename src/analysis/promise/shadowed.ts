import { type FileTree, resolvePath } from '../../shared/file-tree.ts';
import { type ImagePath, isWithin } from '../../shared/image-path.ts';
import { isFile } from '../rules/tree-files.ts';
import type { Interpreter } from './runtimes/runtime.ts';

/**
 * Whether a file of a standard library, by its real place, lies behind another file of the same name and is never
 * loaded. Perl's `require` and `do` take the first of @INC, perlfunc(1), and no module loads another by its place:
 * Debian has perl-base twice that way. Ruby loads by place too, so that only its `rubygems` counts, which Debian has
 * in vendor_ruby as well.
 */
export function shadowedIn(tree: FileTree, runtimes: readonly Interpreter[]): (path: ImagePath) => boolean {
  const orders = runtimes.flatMap(({ kind, library, modules }): Order[] => {
    const placesOf = (paths: readonly ImagePath[]) => paths.map((path) => resolvePath(tree, path).path);
    if (kind === 'perl') return [{ places: placesOf(library), isByName: () => true }];
    return kind === 'ruby' ? [{ places: placesOf([...modules, ...library]), isByName: isRubygems }] : [];
  });
  return (path) =>
    orders.some(({ places, isByName }) => {
      const [place] = places
        .filter((directory) => isWithin(path, directory))
        .sort((a, b) => b.length - a.length);
      if (place === undefined) return false;
      const name = path.slice(place.length);
      const earlier = places.slice(0, places.indexOf(place));
      return isByName(name) && earlier.some((other) => isFile(tree, `${other}${name}`));
    });
}

/** Directories in the order in which they are searched, and which names below them are loaded by that search alone. */
type Order = { readonly places: readonly ImagePath[]; readonly isByName: (name: string) => boolean };

function isRubygems(name: string): boolean {
  return /^\/rubygems(?:\/|\.rb$)/.test(name);
}
