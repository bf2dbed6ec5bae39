import { readText, resolvePath } from '../../../shared/file-tree.ts';
import { baseName, type ImagePath, imagePath } from '../../../shared/image-path.ts';
import { isFile, pathsIn } from '../../rules/tree-files.ts';
import type { ModuleManager } from './manager.ts';
import { filesWithout } from './package-files.ts';

/**
 * install.packages of R: a directory of a site library is a package, and its DESCRIPTION names what it needs (Writing R
 * Extensions, section The DESCRIPTION file).
 */
export const rLibrary: ModuleManager = {
  name: 'r-library',
  packages({ context: { tree, made }, runtimes, isOwned }) {
    const sites = runtimes.find(({ kind }) => kind === 'r')?.modules ?? [];
    const real = new Set(sites.map((path) => resolvePath(tree, path).path));
    return [...real].flatMap((site) =>
      pathsIn(tree, site).flatMap((path) => {
        const description = imagePath(`${path}/DESCRIPTION`);
        if (!isFile(tree, description) || isOwned(description)) return [];
        return [
          {
            id: `r:${baseName(path)}`,
            files: (): ImagePath[] => filesWithout(tree, path, null),
            dependencies: () => neededBy(readText(tree, description) ?? '').map((other) => `r:${other}`),
            isNamed: made(description) === 'author',
          },
        ];
      }),
    );
  },
};

/** The names of `Depends`, `Imports` and `LinkingTo`; a field continues on lines that begin with a blank. */
function neededBy(description: string): string[] {
  const lines = description.replace(/\n[ \t]+/g, ' ').split('\n');
  return lines
    .flatMap((line) => /^(?:Depends|Imports):(.*)$/.exec(line)?.[1]?.split(',') ?? [])
    .map((word) => word.trim().split(/[\s(]/)[0] ?? '')
    .filter((name) => name !== '' && name !== 'R');
}
