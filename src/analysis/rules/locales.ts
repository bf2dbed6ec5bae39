import type { FileTree } from '../../shared/file-tree.ts';
import { type ImagePath, imagePath } from '../../shared/image-path.ts';
import { NOTHING, type Rule, type RuleContext } from '../rule.ts';
import { localesInArchive } from './locale-archive.ts';
import { localeNames } from './locale-name.ts';
import { filesBelow, isDirectory } from './tree-files.ts';

const DIRECTORY = '/usr/lib/locale';
const ARCHIVE = `${DIRECTORY}/locale-archive`;

/** The categories of locale(7) that a variable can set alone. */
const CATEGORIES = [
  'LC_ADDRESS',
  'LC_COLLATE',
  'LC_CTYPE',
  'LC_IDENTIFICATION',
  'LC_MEASUREMENT',
  'LC_MESSAGES',
  'LC_MONETARY',
  'LC_NAME',
  'LC_NUMERIC',
  'LC_PAPER',
  'LC_TELEPHONE',
  'LC_TIME',
];

/** Locales that a C library has built in: glibc two, musl (src/locale/locale_map.c) also that for UTF-8. */
const BUILT_IN = {
  glibc: /^(C|POSIX)$/,
  musl: /^(C|POSIX|C\.UTF-8)$/,
  none: /^/,
};

/**
 * The locales that the environment sets, where the program asks for them, setlocale(3) and newlocale(3). glibc looks in
 * its archive, then in a directory of the locale's name (locale/findlocale.c), in LOCPATH before that; musl only in
 * MUSL_LOCPATH, where a locale is a file (src/locale/locale_map.c). All of them where the user says so.
 */
export const locales: Rule = {
  name: 'locales',
  needs(context) {
    const { tree, libc, imports, assumes } = context;
    if (libc === 'none') return NOTHING;
    const wanted = imports('setlocale', 'newlocale') ? localesSet(context) : [];
    const paths = wanted.flatMap((name) =>
      libc === 'musl' ? muslLocale(context, name) : glibcLocale(context, name),
    );
    const all = assumes('locales')
      ? [DIRECTORY, ...muslPath(context)].flatMap((top) => filesBelow(tree, top))
      : [];
    return paths.length + all.length === 0 ? NOTHING : { paths: [...paths, ...all], libraries: [] };
  },
};

/** LC_ALL wins over all; LANG counts where a category has no variable; an empty variable counts as none. */
function localesSet({ env, libc }: RuleContext): string[] {
  const all = env.LC_ALL ? [env.LC_ALL] : [...CATEGORIES.map((category) => env[category]), env.LANG];
  const names = all.filter((name): name is string => name !== undefined && name !== '');
  return [...new Set(names)].filter((name) => !BUILT_IN[libc].test(name) && !name.includes('/'));
}

function muslPath({ env }: RuleContext): string[] {
  return env.MUSL_LOCPATH?.split(':').filter((path) => path.startsWith('/')) ?? [];
}

function muslLocale(context: RuleContext, name: string): ImagePath[] {
  return muslPath(context).map((directory) => imagePath(`${directory}/${name}`));
}

function glibcLocale({ tree, env }: RuleContext, name: string): ImagePath[] {
  const named = env.LOCPATH?.split(':').filter((path) => path.startsWith('/')) ?? [];
  const names = localeNames(name);
  const isInArchive = named.length === 0 && hasAny(localesInArchive(tree, ARCHIVE), names);
  if (isInArchive) return [imagePath(ARCHIVE)];
  for (const directory of [...named, DIRECTORY]) {
    const found = localeDirectory(tree, directory, names);
    if (found !== undefined) return filesBelow(tree, found);
  }
  return [];
}

function localeDirectory(tree: FileTree, directory: string, names: readonly string[]): string | undefined {
  return names.map((name) => `${directory}/${name}`).find((path) => isDirectory(tree, path));
}

function hasAny(known: ReadonlySet<string>, names: readonly string[]): boolean {
  return names.some((name) => known.has(name));
}
