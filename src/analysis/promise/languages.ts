import { resolvePath } from '../../shared/file-tree.ts';
import { imagePath, isWithin } from '../../shared/image-path.ts';
import { compiledTexts } from '../rules/compiled-texts.ts';
import { glibcDirectories, glibcFile } from '../rules/glibc-directory.ts';
import { localesInArchive } from '../rules/locale-archive.ts';
import { localeNames } from '../rules/locale-name.ts';
import { filesBelow } from '../rules/tree-files.ts';
import { runsScripts } from './interpreters.ts';
import { keptCode } from './kept-code.ts';
import type { PromiseContext, PromiseRule } from './rule.ts';
import { runtimesOf } from './runtimes.ts';

const LOCALES = '/usr/lib/locale';
const ARCHIVE = imagePath(`${LOCALES}/locale-archive`);

/**
 * The locales of glibc, where a script or a server chooses a locale at run time, newlocale(3) and setlocale(3); of any
 * other program those that it names; that of the environment stays by the rule `locales` in ../rules. Distributions put
 * all their locales into the archive, 100 MB and more, so that an archive stays where the Dockerfile makes it or
 * installs the locales by name.
 */
export const localeFiles: PromiseRule = {
  name: 'locales',
  needs(context) {
    const { tree, installed, made, assumes } = context;
    const isInstalled = installed.some((name) =>
      /^(?:locales(?:-all)?|glibc-(?:all-)?langpack.*)$/.test(name),
    );
    const isAsked = isInstalled || assumes('locales');
    if (!isAsked && !runsScripts(context) && !keptCode(context).imports('newlocale'))
      return localesNamed(context).flatMap((directory) => filesBelow(tree, directory));
    const keepsArchive = isAsked || made(ARCHIVE) === 'author';
    return filesBelow(tree, LOCALES).filter((path) => path !== ARCHIVE || keepsArchive);
  },
};

/** The directories of locales that a compiled program has the names of, and asks for by setlocale(3). */
function localesNamed({ tree, programs }: PromiseContext): string[] {
  const asking = programs.filter((path) => keptCode({ tree, kept: new Set([path]) }).imports('setlocale'));
  const languages = new Map(
    tree.list(imagePath(LOCALES)).map((name) => [name, name.split(/[.@]/)[0] ?? name]),
  );
  const named = asking.flatMap((program) =>
    [...new Set(languages.values())].flatMap((language) =>
      [...compiledTexts(tree, program, { mark: `${language}.`, end: '\0' })].flatMap((rest) =>
        localeNames(`${language}.${rest}`),
      ),
    ),
  );
  return [...languages.keys()].filter((name) => named.includes(name)).map((name) => `${LOCALES}/${name}`);
}

/**
 * The character sets of iconv(3), 8 MB in glibc, where a program itself calls iconv_open, or a module of an
 * interpreter does: their users name the character set at run time. Also where a locale stays whose character set is
 * not UTF-8: glibc converts by its module (wcsmbs/wcsmbsload.c, `__wcsmbs_load_conv`). For libraries such as libxml2
 * the common sets of the rule `gconv` in ../rules stay.
 */
export const characterSets: PromiseRule = {
  name: 'character-sets',
  needs(context) {
    const { tree, kept, programs } = context;
    const places = runtimesOf(context)
      .flatMap(({ library, modules }) => [...library, ...modules])
      .map((path) => resolvePath(tree, path).path);
    const callers = [...kept].filter(
      (path) => programs.includes(path) || places.some((place) => isWithin(path, place)),
    );
    const converts = keptCode({ tree, kept: new Set(callers) }).imports('iconv_open');
    if (!converts && !keptLocales(context).some(isOfOtherSet)) return [];
    const glibc = glibcFile({ objects: [...kept] });
    if (glibc === undefined) return [];
    return glibcDirectories(tree, glibc).flatMap((directory) => filesBelow(tree, `${directory}/gconv`));
  },
};

/** Names of the locales that stay: of directories, and of all locales in the archive. */
function keptLocales({ tree, kept }: PromiseContext): string[] {
  const below = [...kept].filter((path) => path.startsWith(`${LOCALES}/`) && path !== ARCHIVE);
  const names = below.map((path) => path.slice(LOCALES.length + 1).split('/')[0] ?? '');
  return [...new Set([...names, ...(kept.has(ARCHIVE) ? localesInArchive(tree, ARCHIVE) : [])])];
}

function isOfOtherSet(locale: string): boolean {
  return !/^(?:C|POSIX)$|\.utf-?8(?:@|$)/i.test(locale);
}
