import { readText, resolvePath, walk } from '../../../shared/file-tree.ts';
import { baseName, type ImagePath, imagePath } from '../../../shared/image-path.ts';
import type { ModuleManager } from './manager.ts';

/**
 * cpan and cpanm: MakeMaker leaves the files of a distribution in `auto/NAME/.packlist`, ExtUtils::Packlist(3perl), a
 * line each with attributes behind the path. What a distribution needs is not written there.
 */
export const packlist: ModuleManager = {
  name: 'packlist',
  packages({ context: { tree, made }, runtimes, isOwned }) {
    const places = runtimes.find(({ kind }) => kind === 'perl')?.modules ?? [];
    const real = new Set(places.map((path) => resolvePath(tree, imagePath(`${path}/auto`)).path));
    const lists = [...real].flatMap((path) =>
      [...walk(tree, path)].map(([file]) => file).filter((file) => baseName(file) === '.packlist'),
    );
    return lists
      .filter((list) => !isOwned(list))
      .map((list) => ({
        id: `packlist:${list}`,
        files: () => filesOf(readText(tree, list) ?? ''),
        dependencies: () => [],
        isNamed: made(list) === 'author',
      }));
  },
};

function filesOf(list: string): ImagePath[] {
  return list
    .split('\n')
    .map((line) => line.replace(/ [a-z]+=.*$/, ''))
    .filter((path) => path.startsWith('/') && !/\/(?:bin|man\d?)\//.test(path))
    .map((path) => imagePath(path));
}
