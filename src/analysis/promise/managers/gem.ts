import { type FileTree, readText, resolvePath } from '../../../shared/file-tree.ts';
import { baseName, type ImagePath, imagePath } from '../../../shared/image-path.ts';
import { isDirectory, pathsIn } from '../../rules/tree-files.ts';
import type { ModuleManager } from './manager.ts';
import { filesWithout } from './package-files.ts';

const INSTALLER = /^(?:rubygems-update)-/;

/** `s.add_runtime_dependency(%q<rack>.freeze, ["~> 2.2"])`, and `add_dependency` with quotes. */
const DEPENDENCY = /\.add_(?:runtime_)?dependency[ (]\s*(?:%q<([^>]+)>|["']([^"']+)["'])/g;

/**
 * RubyGems and Bundler: `specifications/rack-2.2.3.gemspec` describes what lies in `gems/rack-2.2.3` and, compiled, in
 * `extensions/ARCH/API/rack-2.2.3`. Gems in `specifications/default` are the standard library's.
 */
export const gem: ModuleManager = {
  name: 'gem',
  packages({ context: { tree, made }, runtimes, isOwned }) {
    const directories = (runtimes.find(({ kind }) => kind === 'ruby')?.modules ?? []).filter((path) =>
      isDirectory(tree, `${path}/specifications`),
    );
    const real = new Set(directories.map((path) => resolvePath(tree, path).path));
    return [...real].flatMap((directory) =>
      pathsIn(tree, `${directory}/specifications`)
        .filter((path) => path.endsWith('.gemspec') && !isOwned(path) && !INSTALLER.test(baseName(path)))
        .map((specification) => {
          const fullName = baseName(specification).slice(0, -'.gemspec'.length);
          return {
            id: `gem:${nameOf(fullName)}`,
            files: () => [specification, ...filesOf(tree, directory, fullName)],
            dependencies: () =>
              [...(readText(tree, specification) ?? '').matchAll(DEPENDENCY)].map(
                ([, quoted, plain]) => `gem:${quoted ?? plain}`,
              ),
            isNamed: made(specification) === 'author',
          };
        }),
    );
  },
};

/** `rack-protection` of `rack-protection-2.2.3` or of `nokogiri-1.13.0-x86_64-linux`. */
function nameOf(fullName: string): string {
  return fullName.replace(/-\d[\w.]*(?:-[\w-]+)?$/, '');
}

function filesOf(tree: FileTree, directory: ImagePath, fullName: string): ImagePath[] {
  const compiled = pathsIn(tree, `${directory}/extensions`).flatMap((path) => pathsIn(tree, path));
  return [`${directory}/gems`, ...compiled].flatMap((path) =>
    filesWithout(tree, imagePath(`${path}/${fullName}`), null),
  );
}
