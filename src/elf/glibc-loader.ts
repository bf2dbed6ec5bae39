import type { ImagePath } from '../shared/image-path.ts';
import { withoutTrailing } from '../shared/trim-end.ts';
import { tokenValues } from './glibc-directories.ts';
import type { GlibcSearch } from './glibc-search.ts';
import { directoryOf, type LoadContext, type Loader, type OpenedFile } from './link-map.ts';
import { isAtLeast } from './loader-facts.ts';
import { expandGlibcTokens } from './string-tokens.ts';

/** glibc's dynamic loader, elf/dl-load.c and elf/rtld.c. */
export function glibcLoader(context: LoadContext, search: GlibcSearch): Loader {
  const canonical = context.procfs && isAtLeast(context.facts, 42);
  const spelling = ({ path, realPath }: OpenedFile) => (canonical ? realPath : path);
  return {
    expandName: (name, from) => expandGlibcTokens(name, tokenValues(context, from)) || null,
    loadedAs: (name, loaded) => loaded.find((map) => map.names.has(name) || map.elf.soname === name),
    search: (name, from) => search.everywhere(name, from ?? context.program),
    /** The caller of dlopen searches for the object, and the object inherits no path: `__RTLD_CALLMAP`. */
    heritage: (request, from) => ({ searcher: from, loader: request === 'dlopen' ? null : from }),
    loadedFrom: (file, loaded) => loaded.find((map) => map.realPath === file.realPath),
    aliasOf: (_, name) => name,
    namesOf: (name, file) => [name, spelling(file)],
    /** Since 2.42 links are resolved before, through /proc/self/fd: `_dl_canonicalize`. */
    originOf: (file) => directoryOf(spelling(file)),
    dependencyKinds: ['needed', 'filter', 'auxiliary'],
    preloadNames: (environment) => environment.split(/[ :]/).filter((name) => name !== ''),
  };
}

/**
 * `$ORIGIN` of the program: where /proc/self/exe leads, which has no links (sysdeps/unix/sysv/linux/dl-origin.c);
 * without /proc LD_ORIGIN_PATH, else nothing. A library that is given to the loader as a program has its own path.
 */
export function programOrigin(
  file: { path: string; realPath: ImagePath },
  start: { isProgram: boolean; procfs: boolean; originPath: string | null },
): string | null {
  if (!start.isProgram) return directoryOf(file.path);
  if (start.procfs) return directoryOf(file.realPath);
  return start.originPath === null
    ? null
    : start.originPath.slice(0, 1) + withoutTrailing(start.originPath.slice(1), '/');
}

/** The words of /etc/ld.so.preload: between blanks and colons, `#` up to the end of its line left out. elf/rtld.c. */
export function preloadFileNames(text: string): string[] {
  return text
    .replace(/#[^\n]*/g, ' ')
    .split(/[ \t\n:]+/)
    .filter((name) => name !== '');
}
