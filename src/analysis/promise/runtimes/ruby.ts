import { readText } from '../../../shared/file-tree.ts';
import { ancestorsOf, baseName, type ImagePath, imagePath, parentOf } from '../../../shared/image-path.ts';
import { archDirectories, isRuby } from '../../rules/ruby.ts';
import { isDirectory, pathsIn } from '../../rules/tree-files.ts';
import type { RuntimeKind } from './runtime.ts';

/** Directories of RbConfig with the standard library, and those with packages that are no gems. */
const LIBRARY = ['rubylibdir', 'rubyarchdir'];
const MODULES = ['sitelibdir', 'sitearchdir', 'vendorlibdir', 'vendorarchdir', 'sitedir', 'vendordir'];

/** Where Debian has gems, its operating_system.rb of rubygems; those that are compiled lie beside the library. */
const INTEGRATION = '/usr/share/rubygems-integration';

/**
 * Ruby: the directories of the load path, as the rbconfig.rb of the image has them, and directories with gems: of the
 * interpreter, of GEM_HOME and GEM_PATH, of Bundler.
 */
export const ruby: RuntimeKind = {
  name: 'ruby',
  programs: ['ruby'],
  libraries: ['ruby'],
  find(started) {
    if (!isRuby(started)) return undefined;
    const { tree, env, kept } = started;
    const [arch] = archDirectories(started);
    if (arch === undefined) return undefined;
    const settings = settingsIn(readText(tree, `${arch}/rbconfig.rb`) ?? '', arch);
    const placesOf = (names: readonly string[]) =>
      names.flatMap((name) => (settings(name)?.startsWith('/') ? [imagePath(settings(name) ?? '')] : []));
    const named = [env.GEM_HOME ?? '', ...(env.GEM_PATH?.split(':') ?? [])].filter((path) =>
      path.startsWith('/'),
    );
    const used = [...kept].filter((path) => baseName(parentOf(path)) === 'specifications');
    const gems = [
      ...named,
      ...used.map((path) => parentOf(parentOf(path))),
      ...['/var/lib/gems', INTEGRATION].flatMap((path) => pathsIn(tree, path)),
      ...[...placesOf(LIBRARY), arch].flatMap((path) =>
        ancestorsOf(path).flatMap((above) =>
          ['gems', 'rubygems-integration'].flatMap((name) => pathsIn(tree, `${above}/${name}`)),
        ),
      ),
    ].filter((path) => isDirectory(tree, `${path}/specifications`));
    return {
      library: [...placesOf(LIBRARY), arch],
      modules: [...placesOf(MODULES), ...gems.map((path) => imagePath(path))],
    };
  },
};

/**
 * Reads `CONFIG["rubylibdir"] = "$(rubylibprefix)/$(ruby_version)"`. A prefix that rbconfig.rb works out from its
 * place is what lies before `lib` there.
 */
function settingsIn(text: string, arch: ImagePath): (name: string) => string | undefined {
  const written = new Map(
    [...text.matchAll(/^\s*CONFIG\["(\w+)"\]\s*=\s*(?:\(TOPDIR \|\| DESTDIR \+ )?"([^"]*)"/gm)].map(
      ([, name = '', value = '']) => [name, value],
    ),
  );
  const prefix = arch.split('/lib')[0] ?? '';
  const expand = (value: string, depth: number): string =>
    depth === 0
      ? value
      : value.replace(/\$\((\w+)\)/g, (_, name: string) => expand(settingOf(name) ?? '', depth - 1));
  const settingOf = (name: string) => (name === 'prefix' ? written.get(name) || prefix : written.get(name));
  return (name) => {
    const value = settingOf(name);
    return value === undefined ? undefined : expand(value, MAX_DEPTH);
  };
}

/** Settings that name each other in a circle end. */
const MAX_DEPTH = 8;
