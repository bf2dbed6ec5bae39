import { type CacheAnswer, lookUpInCache } from './cache-lookup.ts';
import type { Via } from './closure.ts';
import {
  type SearchDirectory,
  searchDirectories,
  systemDirectories,
  tokenValues,
} from './glibc-directories.ts';
import { type HwcapsDirectory, hwcapsDirectories } from './hwcaps-directories.ts';
import type { LdSoCache } from './ld-so-cache.ts';
import { emptySearch, type LinkMap, type LoadContext, type Search } from './link-map.ts';
import { isAtLeast } from './loader-facts.ts';
import { CACHE_PATH } from './loader-files.ts';
import { openLibrary } from './open-object.ts';
import { expandGlibcTokens } from './string-tokens.ts';

/** The searches of one start; the lists of directories are split once. */
export type GlibcSearch = {
  /** The whole search for a name, elf/dl-load.c `_dl_map_object`. */
  readonly everywhere: (name: string, from: LinkMap) => Search;
  /** The default directories only: what is left of a search where the cache is gone. */
  readonly defaults: (name: string, from: LinkMap) => Search;
};

/** The search is over (`done`), or continues in the next list of directories. */
type Step = 'done' | 'next';

/** Where a list of directories comes from, and which. */
type DirectoryList = { readonly via: Via; readonly directories: readonly SearchDirectory[] };

/**
 * glibc's order: RPATH of the object and of those that caused it to be loaded (unless the object has a RUNPATH) and
 * of the program, LD_LIBRARY_PATH, the object's RUNPATH, ld.so.cache, the default directories.
 * ld.so.conf is not in it: only ldconfig reads that.
 */
export function glibcSearch(context: LoadContext, cache: LdSoCache | null): GlibcSearch {
  const lists = directoryLists(context);
  const open = directoryOpener(context);
  const inDefaults = (search: Search, name: string, from: LinkMap): Step =>
    from.elf.noDefaultLibraries ? 'next' : open(search, name, { via: 'default', directories: lists.system });
  const everywhere = (name: string, from: LinkMap): Search => {
    const search = emptySearch();
    if (name.includes('/')) {
      const path = expandGlibcTokens(name, tokenValues(context, from));
      if (path !== null) openHere(context, search, path, 'slash');
      return search;
    }
    const before = [
      ...(from.elf.runpath === null ? rpathChain(from, context.program).map(lists.rpath) : []),
      { via: 'library-path' as const, directories: lists.libraryPath() },
      lists.runpath(from),
    ];
    if (before.some((list) => open(search, name, list) === 'done')) return search;
    if (
      cache !== null &&
      openFromCache(context, search, name, { cache, from, system: lists.system }) === 'done'
    ) {
      return search;
    }
    inDefaults(search, name, from);
    return search;
  };
  const defaults = (name: string, from: LinkMap): Search => {
    const search = emptySearch();
    inDefaults(search, name, from);
    return search;
  };
  return { everywhere, defaults };
}

/** The object, the object that loaded it, and so on up to the root; then the program, if it is not among them. */
function rpathChain(from: LinkMap, program: LinkMap): LinkMap[] {
  const chain: LinkMap[] = [];
  for (let map: LinkMap | null = from; map !== null; map = map.loader) chain.push(map);
  return chain.includes(program) ? chain : [...chain, program];
}

function directoryLists(context: LoadContext) {
  const known = new Map<string, readonly SearchDirectory[]>();
  const split = (list: string | null, map: LinkMap, separator = /:/): readonly SearchDirectory[] => {
    if (list === null || list === '') return [];
    const key = `${separator.source}\0${map.path}\0${map.origin}\0${list}`;
    const found =
      known.get(key) ?? searchDirectories(context, list, { separator, origin: map.origin, where: map.path });
    known.set(key, found);
    return found;
  };
  return {
    system: systemDirectories(context).map((text) => ({ text, hwcaps: null })),
    /** DT_RPATH counts for nothing in an object that has a DT_RUNPATH: elf/get-dynamic-info.h. */
    rpath: (map: LinkMap): DirectoryList => ({
      via: 'rpath',
      directories: map.elf.runpath === null ? split(map.elf.rpath, map) : [],
    }),
    runpath: (map: LinkMap): DirectoryList => ({ via: 'runpath', directories: split(map.elf.runpath, map) }),
    libraryPath: () => split(context.libraryPath, context.program, /[:;]/),
  };
}

/** Tries a name in each directory of a list, its subdirectories for better processors first: `open_path`. */
function directoryOpener(context: LoadContext) {
  const known = new Map<string, HwcapsDirectory[]>();
  const better = (directory: string): HwcapsDirectory[] => {
    const found = known.get(directory) ?? hwcapsDirectories(context, directory);
    known.set(directory, found);
    return found;
  };
  return (search: Search, name: string, { via, directories }: DirectoryList): Step => {
    for (const { text, hwcaps } of directories) {
      for (const sub of better(text))
        openVariant(context, search, { path: `${sub.path}${name}`, via, hwcaps: sub.hwcaps });
      if (hwcaps !== null) openVariant(context, search, { path: `${text}${name}`, via, hwcaps });
      else {
        const outcome = openHere(context, search, `${text}${name}`, via);
        if (outcome === 'done') return 'done';
        if (outcome === 'circular') return 'next';
      }
    }
    return 'next';
  };
}

/** One path for every processor. A circle of links (ELOOP) ends its list but not the search. */
function openHere(context: LoadContext, search: Search, path: string, via: Via): Step | 'circular' {
  const opening = openLibrary(context, path);
  search.searched.push(path);
  switch (opening.kind) {
    case 'opened':
      search.found = { file: opening, via };
      return 'done';
    case 'refused':
      search.refused = { path: opening.path, reason: opening.reason };
      return 'done';
    case 'circular':
      return 'circular';
    default:
      return 'next';
  }
}

/** One path for better processors: a miss says nothing, and a refusal concerns those only. */
function openVariant(
  context: LoadContext,
  search: Search,
  { path, via, hwcaps }: { path: string; via: Via; hwcaps: string },
): void {
  const opening = openLibrary(context, path);
  if (opening.kind === 'opened') search.variants.push({ file: opening, via, hwcaps });
  if (opening.kind !== 'refused') return;
  const message = `cannot load variant for ${hwcaps}: ${opening.reason}`;
  context.diagnostics.push({ code: 'variant-unloadable', message, path: opening.path });
}

/** ld.so.cache; an object with DF_1_NODEFLIB takes nothing from it that lies in the default directories. */
function openFromCache(
  context: LoadContext,
  search: Search,
  name: string,
  use: { cache: LdSoCache; from: LinkMap; system: readonly SearchDirectory[] },
): Step {
  const loader = { flags: context.machine.cacheFlags, legacy: !isAtLeast(context.facts, 37) };
  const answer: CacheAnswer = lookUpInCache(use.cache, name, loader);
  const barred = (path: string) =>
    use.from.elf.noDefaultLibraries && use.system.some(({ text }) => path.startsWith(text));
  search.searched.push(`${CACHE_PATH}: ${answer.path ?? 'not there'}`);
  for (const { hwcaps, path } of answer.variants) {
    if (!barred(path)) openVariant(context, search, { path, via: 'cache', hwcaps });
  }
  if (answer.path === null || barred(answer.path)) return 'next';
  return openHere(context, search, answer.path, 'cache') === 'done' ? 'done' : 'next';
}
