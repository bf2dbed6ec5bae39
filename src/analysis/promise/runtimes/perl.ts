import { readText } from '../../../shared/file-tree.ts';
import { type ImagePath, imagePath } from '../../../shared/image-path.ts';
import { isPerl, libraryDirectories } from '../../rules/perl.ts';
import { isFile } from '../../rules/tree-files.ts';
import type { RuntimeKind } from './runtime.ts';

/** Where Configure writes down what is compiled in, Porting/Glossary of perl. */
const CONFIGURATIONS = ['Config.pm', 'Config_heavy.pl'];

const PLACE = /^\s*(priv|arch|site|vendor)(lib|arch)?exp(?:='| => ')([^']*)'/gm;

/**
 * Perl: the directories of @INC, as the Config module of the image has them (`privlibexp`, `archlibexp`, ...), those
 * where strict.pm lies, and PERL5LIB.
 */
export const perl: RuntimeKind = {
  name: 'perl',
  programs: ['perl'],
  libraries: ['perl'],
  find(started) {
    if (!isPerl(started)) return undefined;
    const { tree, env } = started;
    const base = libraryDirectories(started)
      .map((directory) => imagePath(directory))
      .filter((directory) => isFile(tree, `${directory}/strict.pm`));
    const [first] = base;
    if (first === undefined) return undefined;
    const texts = base.flatMap((directory) =>
      CONFIGURATIONS.map((name) => readText(tree, `${directory}/${name}`) ?? ''),
    );
    const places = texts.flatMap((text) => [...text.matchAll(PLACE)]).filter(([, , , path]) => path !== '');
    const of = (...owners: readonly string[]): ImagePath[] =>
      places.filter(([, owner = '']) => owners.includes(owner)).map(([, , , path = '']) => imagePath(path));
    const named = env.PERL5LIB?.split(':').filter((path) => path.startsWith('/')) ?? [];
    return {
      library: [first, ...of('arch'), ...of('priv')],
      modules: [...named.map((path) => imagePath(path)), ...of('site', 'vendor')],
    };
  },
};
