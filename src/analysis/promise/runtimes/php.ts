import { readText } from '../../../shared/file-tree.ts';
import { imagePath } from '../../../shared/image-path.ts';
import { extensionDirectories, settingsIn } from '../../rules/php.ts';
import { phpProgram, phpSettings } from '../../rules/php-settings.ts';
import { isDirectory } from '../../rules/tree-files.ts';
import { keptAbove } from './kept-above.ts';
import type { RuntimeKind } from './runtime.ts';

/** Compiled in as PEAR_INSTALLDIR, which ends the default of include_path: of Debian, Alpine and upstream. */
const SHARED = ['/usr/share/php', '/usr/share/php8', '/usr/local/lib/php'];

/** PHP: extension_dir is its standard library, include_path and the `vendor` directories of Composer have packages. */
export const php: RuntimeKind = {
  name: 'php',
  programs: ['php', 'php-fpm', 'php-cgi'],
  libraries: ['php'],
  find(started) {
    const program = phpProgram(started);
    if (program === undefined) return undefined;
    const { tree, kept } = started;
    const settings = phpSettings(started, program).flatMap((path) => settingsIn(readText(tree, path) ?? ''));
    const included = settings.findLast(({ name }) => name === 'include_path')?.value.split(':') ?? SHARED;
    return {
      library: extensionDirectories(started, settings)
        .filter((path) => isDirectory(tree, path))
        .map((path) => imagePath(path)),
      modules: [
        ...included.filter((path) => path.startsWith('/')).map((path) => imagePath(path)),
        ...keptAbove(kept, (name) => name === 'vendor'),
      ],
    };
  },
};
