import { type FileTree, readText, resolvePath } from '../../../shared/file-tree.ts';
import { ancestorsOf, baseName, type ImagePath, imagePath, parentOf } from '../../../shared/image-path.ts';
import { isFile, pathsIn } from '../../rules/tree-files.ts';
import type { ModuleManager, ModulePackage } from './manager.ts';
import { filesWithout } from './package-files.ts';

/** Installers of packages, which the official image of Node.js has. */
const INSTALLER = /^(?:npm|corepack|yarn|pnpm)$/;

/**
 * npm, yarn and pnpm: each directory in a `node_modules` is a package, and its package.json names what it needs, which
 * lies in the nearest `node_modules` above it (Node.js, "Loading from node_modules folders"). Debian's packages lie in
 * /usr/share/nodejs the same way, where Node.js looks last.
 */
export const npm: ModuleManager = {
  name: 'npm',
  packages({ context: { tree, packages, installed }, runtimes }) {
    const places = runtimes.find(({ kind }) => kind === 'node')?.modules ?? [];
    const shared = places.filter((path) => baseName(path) !== 'node_modules');
    const dependencies = (directory: ImagePath) => dependenciesOf(tree, directory, shared);
    const projects = places.filter((path) => !shared.includes(path)).map(parentOf);
    const wanted = new Set(projects.flatMap(dependencies));
    const found = new Map<string, ModulePackage>();
    for (const directory of places.flatMap((path) => packagesIn(tree, path))) {
      const { path } = resolvePath(tree, directory);
      const manifest = imagePath(`${path}/package.json`);
      if (INSTALLER.test(baseName(path)) || !isFile(tree, manifest)) continue;
      const id = `npm:${path}`;
      const owner = packages.ownerOf(manifest);
      found.set(id, {
        id,
        files: () => filesWithout(tree, path, 'node_modules'),
        dependencies: () => dependencies(path),
        isNamed: wanted.has(id) || (owner !== undefined && installed.includes(owner)),
      });
    }
    return [...found.values()];
  },
};

/** Packages in a `node_modules` directory, those of scopes too, and of the `node_modules` inside of these. */
function packagesIn(tree: FileTree, directory: ImagePath): ImagePath[] {
  return pathsIn(tree, directory).flatMap((path) => {
    if (baseName(path).startsWith('.')) return [];
    const directories = baseName(path).startsWith('@') ? pathsIn(tree, path) : [path];
    return directories.flatMap((inner) => [inner, ...packagesIn(tree, imagePath(`${inner}/node_modules`))]);
  });
}

function dependenciesOf(tree: FileTree, directory: ImagePath, shared: readonly ImagePath[]): string[] {
  const { dependencies, optionalDependencies, peerDependencies } = parsed(
    readText(tree, `${directory}/package.json`) ?? '{}',
  );
  const names = [dependencies, optionalDependencies, peerDependencies].flatMap((field) =>
    Object.keys(field ?? {}),
  );
  const above = [directory, ...ancestorsOf(directory), ''].map((path) => `${path}/node_modules`);
  return names.flatMap((name) => {
    const places = [...above, ...shared].map((path) => `${path}/${name}`);
    const found = places.find((path) => isFile(tree, `${path}/package.json`));
    return found === undefined ? [] : [`npm:${resolvePath(tree, found).path}`];
  });
}

type Manifest = Partial<
  Record<'dependencies' | 'optionalDependencies' | 'peerDependencies', Record<string, string> | null>
>;

/** A package.json that is invalid names nothing; Node.js reports it. */
function parsed(text: string): Manifest {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}
