import { baseName, imagePath, parentOf } from '../../../shared/image-path.ts';
import { isFile } from '../../rules/tree-files.ts';
import { keptAbove } from './kept-above.ts';
import type { RuntimeKind } from './runtime.ts';

/** What R reads below R_HOME, R Installation and Administration. */
const HOME_DIRECTORIES = ['library', 'modules', 'lib', 'etc', 'share', 'bin/exec'];

/** Compiled into etc/Renviron as R_LIBS_SITE: of Debian, and of a build by hand. */
const SITES = ['/usr/local/lib/R/site-library', '/usr/lib/R/site-library'];

/** R: R_HOME is the directory whose `library` has the package base; site-library has packages. */
export const r: RuntimeKind = {
  name: 'r',
  programs: ['R', 'Rscript'],
  libraries: ['R'],
  find({ tree, kept }) {
    const library = keptAbove(kept, (name) => name === 'base')
      .map(parentOf)
      .find((path) => baseName(path) === 'library' && isFile(tree, `${path}/base/DESCRIPTION`));
    if (library === undefined) return undefined;
    const home = parentOf(library);
    const sites = keptAbove(kept, (name) => name === 'site-library');
    return {
      library: HOME_DIRECTORIES.map((name) => imagePath(`${home}/${name}`)),
      modules: [...SITES.map((path) => imagePath(path)), ...sites],
    };
  },
};
