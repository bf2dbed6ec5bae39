import { readText, resolvePath } from '../shared/file-tree.ts';
import type { ImagePath } from '../shared/image-path.ts';
import type { Via } from './closure.ts';
import { ElfError } from './elf-error.ts';
import {
  emptySearch,
  type LinkMap,
  type LoadContext,
  type Loader,
  type OpenedFile,
  type Search,
} from './link-map.ts';
import { absolutePath, openLibrary } from './open-object.ts';
import type { ElfFile } from './read-elf.ts';
import { expandMuslTokens } from './string-tokens.ts';
import { dynamicSymbols } from './symbols.ts';

/** Names that always mean libc itself, whatever follows the dot: ldso/dynlink.c `load_library`, `reserved`. */
const RESERVED = /^lib(?:c|pthread|rt|m|dl|util|xnet)\./;

const DEFAULT_PATH = '/lib:/usr/local/lib:/usr/lib';

/** The file that replaces musl's default directories, and the directories in force. */
export type MuslPath = { readonly file: string; readonly present: boolean; readonly list: string };

/**
 * musl's dynamic loader, ldso/dynlink.c. It identifies a library by the requested name and never by soname; a
 * RUNPATH is an RPATH and both are inherited; LD_LIBRARY_PATH comes first; the first file of the name is taken or ends
 * the start, whatever it is.
 */
export function muslLoader(context: LoadContext, path: MuslPath): Loader {
  const isLibc = libcTest(context);
  return {
    expandName: (name) => name || null,
    loadedAs: (name, loaded) => {
      if (RESERVED.test(name) || name === context.interpreterPath) return context.interpreter ?? undefined;
      return name.includes('/')
        ? undefined
        : loaded.find((map) => map !== context.program && map.names.has(name));
    },
    search: (name, from) => muslSearch(context, path, name, from),
    heritage: (request, from) =>
      request === 'preload' ? { searcher: null, loader: null } : { searcher: from, loader: from },
    loadedFrom: (file, loaded) => {
      const same = loaded.find((map) => map !== context.program && map.realPath === file.realPath);
      return same ?? (isLibc(file) ? (context.interpreter ?? undefined) : undefined);
    },
    aliasOf: (map, name) =>
      name.includes('/') || map.names.size > 0 ? null : map.path.slice(map.path.lastIndexOf('/') + 1),
    namesOf: (name) => (name.includes('/') ? [] : [name]),
    originOf: (file) => file.path.slice(0, file.path.lastIndexOf('/')),
    dependencyKinds: ['needed'],
    preloadNames: (environment) => environment.split(/[\s:]+/).filter((name) => name !== ''),
  };
}

/**
 * The file beside the loader's own directory: for `/lib/ld-musl-x86_64.so.1` it is `/etc/ld-musl-x86_64.path`. An
 * empty or unreadable one leaves no directory at all.
 */
export function muslPath(context: Pick<LoadContext, 'tree' | 'interpreterPath'>): MuslPath {
  const interpreter = context.interpreterPath ?? '/lib/ld-musl.so.1';
  const arch = /ld-musl-(.+)\.so\.1$/.exec(interpreter)?.[1] ?? '';
  const prefix = interpreter.startsWith('/') ? interpreter.split('/').slice(0, -2).join('/') : '';
  const file = `${prefix}/etc/ld-musl-${arch}.path`;
  const present = resolvePath(context.tree, file).entry !== undefined;
  return { file, present, list: present ? (readText(context.tree, file) ?? '') : DEFAULT_PATH };
}

function muslSearch(context: LoadContext, path: MuslPath, name: string, from: LinkMap | null): Search {
  const search = emptySearch();
  if (name.includes('/')) {
    openHere(context, search, name, 'slash');
    return search;
  }
  if (searchList(context, search, name, { list: context.libraryPath, via: 'library-path' })) return search;
  for (let map: LinkMap | null = from; map !== null; map = map.loader) {
    const text = map.elf.runpath ?? map.elf.rpath;
    const list = text === null ? null : expandMuslTokens(text, map.origin);
    if (text !== null && list === null) tokenUnknown(context, text, map.path);
    const via = map.elf.runpath === null ? 'rpath' : 'runpath';
    if (list !== null && searchList(context, search, name, { list, via })) return search;
  }
  searchList(context, search, name, { list: path.list, via: path.present ? 'musl-path' : 'default' });
  return search;
}

/** `path_open`: empty elements are passed over. True where the search is over. */
function searchList(
  context: LoadContext,
  search: Search,
  name: string,
  { list, via }: { list: string; via: Via },
): boolean {
  return list
    .split(/[:\n]+/)
    .filter((directory) => directory !== '')
    .some((directory) => openHere(context, search, `${directory}/${name}`, via));
}

/** True where the search is over. A circle of links is no ENOENT and ends it, too. */
function openHere(context: LoadContext, search: Search, path: string, via: Via): boolean {
  const opening = openLibrary(context, path);
  search.searched.push(path);
  if (opening.kind === 'opened') search.found = { file: opening, via };
  else if (opening.kind === 'refused') search.refused = { path: opening.path, reason: opening.reason };
  else if (opening.kind === 'circular') {
    search.refused = { path: absolutePath(path, context.cwd), reason: 'its links lead in a circle' };
  }
  return opening.kind !== 'absent';
}

function tokenUnknown({ diagnostics }: LoadContext, list: string, path: string): void {
  if (diagnostics.some((known) => known.path === path && known.code === 'token-unknown')) return;
  diagnostics.push({ code: 'token-unknown', message: `cannot use ${list}: musl has no value for it`, path });
}

/** A file that defines both symbols is another libc, or this one under another name: `load_library` takes itself. */
function libcTest(context: LoadContext): (file: OpenedFile) => boolean {
  const known = new Map<ImagePath, boolean>();
  return ({ realPath, elf }) => {
    const answer = known.get(realPath) ?? definesAll(context, realPath, elf, ['__libc_start_main', 'stdin']);
    known.set(realPath, answer);
    return answer;
  };
}

function definesAll(context: LoadContext, path: ImagePath, elf: ElfFile, names: readonly string[]): boolean {
  const missing = new Set(names);
  try {
    for (const symbol of dynamicSymbols(context.files.inspect(path).source, elf)) {
      if (symbol.defined) missing.delete(symbol.name);
    }
  } catch (error) {
    if (!(error instanceof ElfError)) throw error;
  }
  return missing.size === 0;
}
