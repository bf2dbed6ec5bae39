import { resolvePath } from '../../../shared/file-tree.ts';
import { groupBy } from '../../../shared/group-by.ts';
import { ancestorsOf, baseName, childOf, type ImagePath } from '../../../shared/image-path.ts';
import { pathsIn } from '../../rules/tree-files.ts';
import type { ModuleManager, ModulePackage } from './manager.ts';
import { filesWithout } from './package-files.ts';

/** Directories that belong to records of a manager above, or that a package lies in with others. */
const RECORDS = /\.(?:dist|egg)-info$|^(?:gems|specifications|extensions|composer|auto|__pycache__|\.)/;

/**
 * Modules of which no package manager knows: what has the same name in a directory of modules, `Moon.pm` with `Moon`,
 * or `moon.py`, is a package.
 */
export const loose: ModuleManager = {
  name: 'loose',
  packages({ context: { tree }, runtimes, isOwned }) {
    const places = [...new Set(runtimes.flatMap(({ modules }) => modules))].map(
      (path) => resolvePath(tree, path).path,
    );
    const nested = new Set(places);
    return [...nested].flatMap((place): ModulePackage[] => {
      const found = pathsIn(tree, place).filter(
        (path) => !nested.has(path) && !RECORDS.test(baseName(path)) && !isAbove(nested, path),
      );
      return [...groupBy(found, (path) => stem(baseName(path)))].map(([name, paths]) => {
        const files = paths.flatMap((path) => filesOf(path)).filter((path) => !isOwned(path));
        return {
          id: `loose:${childOf(place, name)}`,
          files: () => files,
          dependencies: () => [],
          isNamed: false,
        };
      });
    });

    function filesOf(path: ImagePath): ImagePath[] {
      return tree.lookup(path)?.type === 'directory' ? filesWithout(tree, path, null) : [path];
    }
  },
};

/** Whether another directory of modules lies below: what is in it belongs to that. */
function isAbove(places: ReadonlySet<ImagePath>, path: ImagePath): boolean {
  return [...places].some((place) => ancestorsOf(place).includes(path));
}

/** `moon` of `moon`, `moon.py` and `moon.cpython-311-x86_64-linux-gnu.so`. */
function stem(name: string): string {
  return name.split('.')[0] || name;
}
