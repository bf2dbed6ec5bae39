import { resolvePath } from '../../../shared/file-tree.ts';
import { ancestorsOf, type ImagePath } from '../../../shared/image-path.ts';
import type { ModuleManager } from './manager.ts';

/** Programs are kept where they are started: an app on Unikraft starts no other. */
const PROGRAM = /^\/(?:usr\/(?:local\/)?)?(?:s?bin|games)\//;

/** Shared libraries where the dynamic linker looks: what links them keeps them, by the name that it links. */
const LIBRARY = /^(?:\/usr(?:\/local)?)?\/lib(?:64)?\/(?:[\w-]+-linux-[\w-]+\/)?[^/]+\.so(?:\.[^/]+)?$/;

/** Installers of packages; what they need for installing goes with them. */
const INSTALLER = /^(?:python3-(?:pip|pip-whl|wheel)|py3-(?:pip|wheel)|npm|cpanminus|composer|luarocks)$/;

/**
 * dpkg and apk: a package that has a file in the directories of an interpreter. All others are here as well, since
 * dependencies lead through them, without files.
 */
export const system: ModuleManager = {
  name: 'system',
  packages({ context: { tree, packages, installed }, runtimes }) {
    const places = new Set(
      runtimes
        // packages of Node.js name what they need themselves, and Debian's name far more
        .filter(({ kind }) => kind !== 'node')
        .flatMap(({ library, modules }) => [...library, ...modules])
        .map((path) => resolvePath(tree, path).path),
    );
    const bringsModules = (files: readonly ImagePath[]) =>
      files.some((path) => ancestorsOf(path).some((directory) => places.has(directory)));
    return packages.names
      .filter((name) => !INSTALLER.test(name))
      .map((name) => {
        const files = packages.filesOf(name);
        const modules = bringsModules(files)
          ? files.filter((path) => !PROGRAM.test(path) && !LIBRARY.test(path))
          : [];
        return {
          id: `system:${name}`,
          files: () => modules,
          dependencies: () => packages.dependsOf(name).map((other) => `system:${other}`),
          isNamed: installed.includes(name),
        };
      });
  },
};
