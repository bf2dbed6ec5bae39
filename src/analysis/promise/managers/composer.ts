import { readText } from '../../../shared/file-tree.ts';
import { baseName, type ImagePath, imagePath } from '../../../shared/image-path.ts';
import { isFile } from '../../rules/tree-files.ts';
import type { ModuleManager, ModulePackage } from './manager.ts';
import { filesWithout } from './package-files.ts';

type Installed = {
  readonly packages?: readonly {
    readonly name: string;
    readonly 'install-path'?: string | null;
    readonly require?: Readonly<Record<string, string>>;
  }[];
  readonly 'dev-package-names'?: readonly string[];
};

/**
 * Composer 2: `vendor/composer/installed.json` has what lies in `vendor`. The autoloader finds any class of it by
 * name, so that all packages count as named, less those for development.
 */
export const composer: ModuleManager = {
  name: 'composer',
  packages({ context: { tree }, runtimes, isOwned }) {
    const vendors = (runtimes.find(({ kind }) => kind === 'php')?.modules ?? []).filter(
      (path) => baseName(path) === 'vendor' && isFile(tree, `${path}/composer/installed.json`),
    );
    return vendors.flatMap((vendor): ModulePackage[] => {
      const records = imagePath(`${vendor}/composer`);
      if (isOwned(imagePath(`${records}/installed.json`))) return [];
      const installed = parsed(readText(tree, `${records}/installed.json`) ?? '{}');
      const development = installed['dev-package-names'] ?? [];
      const autoloader: ModulePackage = {
        id: `composer:${vendor}`,
        files: () => [imagePath(`${vendor}/autoload.php`), ...filesWithout(tree, records, null)],
        dependencies: () => [],
        isNamed: true,
      };
      const packages = (installed.packages ?? []).map(
        ({ name, 'install-path': path, require = {} }): ModulePackage => ({
          id: `composer:${vendor}:${name}`,
          files: () => (path ? filesOf(imagePath(path, records)) : []),
          dependencies: () => [
            autoloader.id,
            ...Object.keys(require).map((other) => `composer:${vendor}:${other}`),
          ],
          isNamed: !development.includes(name),
        }),
      );
      return [autoloader, ...packages];
    });

    function filesOf(directory: ImagePath): ImagePath[] {
      return filesWithout(tree, directory, 'vendor');
    }
  },
};

/** An installed.json that cannot be read names nothing. */
function parsed(text: string): Installed {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
  } catch {
    return {};
  }
}
