import { type FileTree, readText, resolvePath } from '../../../shared/file-tree.ts';
import { ancestorsOf, baseName, type ImagePath, imagePath, parentOf } from '../../../shared/image-path.ts';
import { isFile, pathsIn } from '../../rules/tree-files.ts';
import type { ModuleManager, ModulePackage } from './manager.ts';
import { filesWithout } from './package-files.ts';

/** Installers of packages, which the official image of Node.js brings. */
const INSTALLER = /^(?:npm|corepack|yarn|pnpm)$/;

/**
 * npm, yarn and pnpm: each directory in a `node_modules` is a package, and its package.json names what it needs, which
 * lies in the nearest `node_modules` above it (Node.js, "Loading from node_modules folders").
 */
export const npm: ModuleManager = {
  name: 'npm',
  packages({ context: { tree }, runtimes, isOwned }) {
    const places = runtimes.find(({ kind }) => kind === 'node')?.modules ?? [];
    const directories = places.filter((path) => baseName(path) === 'node_modules');
    const wanted = new Set(directories.flatMap((directory) => namedAbove(tree, directory)));
    const found = new Map<string, ModulePackage>();
    for (const directory of directories.flatMap((path) => packagesIn(tree, path))) {
      const { path } = resolvePath(tree, directory);
      const manifest = imagePath(`${path}/package.json`);
      if (INSTALLER.test(baseName(path)) || !isFile(tree, manifest) || isOwned(manifest)) continue;
      const id = `npm:${path}`;
      found.set(id, {
        id,
        files: () => filesWithout(tree, path, 'node_modules'),
        dependencies: () => dependenciesOf(tree, path),
        isNamed: wanted.has(id),
      });
    }
    return [...found.values()];
  },
};

/** Packages in a `node_modules` directory, those of scopes too, and of the `node_modules` inside of these. */
function packagesIn(tree: FileTree, directory: ImagePath): ImagePath[] {
  return pathsIn(tree, directory).flatMap((path) => {
    if (baseName(path).startsWith('.')) return [];
    const own = baseName(path).startsWith('@') ? pathsIn(tree, path) : [path];
    return own.flatMap((one) => [one, ...packagesIn(tree, imagePath(`${one}/node_modules`))]);
  });
}

/** What the project that a `node_modules` directory belongs to needs to run. */
function namedAbove(tree: FileTree, directory: ImagePath): string[] {
  const project = parentOf(directory);
  return dependenciesOf(tree, project);
}

function dependenciesOf(tree: FileTree, directory: ImagePath): string[] {
  const manifest = readText(tree, `${directory}/package.json`);
  const { dependencies = {}, optionalDependencies = {}, peerDependencies = {} } = parsed(manifest ?? '{}');
  const names = [dependencies, optionalDependencies, peerDependencies].flatMap((one) =>
    Object.keys(one ?? {}),
  );
  return names.flatMap((name) => {
    const places = [directory, ...ancestorsOf(directory), ''].map((above) => `${above}/node_modules/${name}`);
    const found = places.find((path) => isFile(tree, `${path}/package.json`));
    return found === undefined ? [] : [`npm:${resolvePath(tree, found).path}`];
  });
}

type Manifest = Partial<
  Record<'dependencies' | 'optionalDependencies' | 'peerDependencies', Record<string, string> | null>
>;

/** A package.json that is none names nothing; Node.js fails on it by itself. */
function parsed(text: string): Manifest {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}
