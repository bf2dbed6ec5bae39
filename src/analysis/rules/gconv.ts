import { fileSource } from '../../elf/byte-source.ts';
import { readElf } from '../../elf/read-elf.ts';
import { importedSymbols } from '../../elf/symbols.ts';
import type { FileTree } from '../../shared/file-tree.ts';
import { baseName, type ImagePath, imagePath } from '../../shared/image-path.ts';
import { NOTHING, type Rule, type RuleContext } from '../rule.ts';
import { glibcDirectories, glibcFile } from './glibc-directory.ts';
import { isFile, pathsIn } from './tree-files.ts';

/**
 * Less than what glibc itself calls the commonly used ones, `gconv-modules` of iconvdata/Makefile since 2.34, where
 * the others went to `gconv-modules-extra.conf`.
 */
const MODULES = ['CP1252', 'ISO8859-1', 'ISO8859-15', 'UNICODE', 'UTF-16', 'UTF-32'];

/**
 * Libraries that import iconv_open only to convert between the locale's character set and UTF-8, which libc can do
 * alone in every UTF-8 and C locale; libstdc++ only in an extension that no program is known to use
 * (ext/codecvt_specializations.h).
 */
const ONLY_FOR_LOCALE = /^lib(stdc\+\+|unistring|idn2|psl|readline)\.so/;

/**
 * A few common modules of iconv(3), and the table that names them, for programs that import iconv_open. All modules
 * are 8 MB; the others stay if a trace shows them. None is needed for ASCII, UTF-8 and the UCS encodings, which
 * are part of libc: iconv/gconv_builtin.h. Sources: iconv/gconv_conf.c and gconv_cache.c, iconvconfig(8): the cache is
 * read instead of `gconv-modules` and its directory, but not where GCONV_PATH is set.
 */
export const gconv: Rule = {
  name: 'gconv',
  needs(context) {
    const { tree, env, libc } = context;
    const glibc = libc === 'glibc' ? glibcFile(context) : undefined;
    if (glibc === undefined || !importsIconv(context)) return NOTHING;
    const named = env.GCONV_PATH?.split(':').filter((path) => path.startsWith('/')) ?? [];
    const builtIn = glibcDirectories(tree, glibc).map((directory) => `${directory}/gconv`);
    const directories = [...named, ...builtIn].map((path) => imagePath(path));
    return {
      paths: directories.flatMap((directory) => tablesIn(tree, directory, named.length === 0)),
      libraries: directories.flatMap((directory) =>
        MODULES.map((name) => `${directory}/${name}.so`).filter((path) => isFile(tree, path)),
      ),
    };
  },
};

function tablesIn(tree: FileTree, directory: ImagePath, usesCache: boolean): ImagePath[] {
  const cache = imagePath(`${directory}/gconv-modules.cache`);
  if (usesCache && isFile(tree, cache)) return [cache];
  return [imagePath(`${directory}/gconv-modules`), ...pathsIn(tree, `${directory}/gconv-modules.d`)];
}

function importsIconv({ tree, objects, imports }: RuleContext): boolean {
  if (!imports('iconv_open')) return false;
  return objects.some((path) => !ONLY_FOR_LOCALE.test(baseName(path)) && importsIconvOpen(tree, path));
}

function importsIconvOpen(tree: FileTree, path: ImagePath): boolean {
  const source = fileSource(tree, path);
  return importedSymbols(source, readElf(source)).includes('iconv_open');
}
