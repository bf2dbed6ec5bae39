import { append } from '../shared/append.ts';
import { type FileTree, readText, resolvePath } from '../shared/file-tree.ts';
import type { CacheNeed, Closure, LoadDiagnostic, LoadedObject, LoaderConfiguration } from './closure.ts';
import type { ClosureOptions } from './closure-options.ts';
import { ElfError } from './elf-error.ts';
import { glibcLoader, preloadFileNames } from './glibc-loader.ts';
import { type GlibcSearch, glibcSearch } from './glibc-search.ts';
import type { LdSoCache } from './ld-so-cache.ts';
import type { LinkMap, LoadContext } from './link-map.ts';
import { startProgram } from './load-context.ts';
import { type LoadRun, loadOne, loadQueued, loadVariants } from './load-run.ts';
import { CACHE_PATH } from './loader-files.ts';
import { muslLoader, muslPath } from './musl-loader.ts';

const PRELOAD_FILE = '/etc/ld.so.preload';

/**
 * All files that the dynamic linker opens to start the first root, and to dlopen the others from it, in this tree
 * and for this launch. The interpreter decides between glibc's and musl's rules.
 * It never throws for the content of a file: `missing` and `diagnostics` list files that it cannot find or read.
 */
export function resolveClosure(
  tree: FileTree,
  roots: readonly string[],
  options: ClosureOptions = {},
): Closure {
  const [root = '', ...opened] = roots;
  const start = startProgram(tree, root, options);
  if (start.kind === 'failed') return { ...NOTHING, missing: [start.missing] };
  if (start.kind === 'static') return staticClosure(start.program, opened);
  const { context } = start;
  const { run, search } = context.facts.libc === 'musl' ? startMusl(context) : startGlibc(context, options);
  append(run.missing, start.missing);
  const preloadFile = context.facts.libc === 'glibc' ? readText(tree, PRELOAD_FILE) : undefined;
  const fromFile = preloadFileNames(preloadFile ?? '');
  for (const name of [...run.loader.preloadNames(options.preload ?? ''), ...fromFile]) {
    loadOne(run, { request: 'preload', name, from: context.program });
  }
  loadQueued(run);
  for (const name of opened) {
    loadOne(run, { request: 'dlopen', name, from: context.program });
    loadQueued(run);
  }
  loadVariants(run);
  return closureOf(run, search, fromFile.length > 0);
}

const NOTHING: Closure = {
  libc: 'none',
  objects: [],
  variants: [],
  missing: [],
  cacheNeeded: [],
  configuration: [],
  diagnostics: [],
};

function staticClosure(program: LinkMap, opened: readonly string[]): Closure {
  const message = `cannot resolve ${opened.join(', ')}: the program is static and has no loader`;
  return {
    ...NOTHING,
    objects: [objectOf(program)],
    diagnostics: opened.length === 0 ? [] : [{ code: 'roots-ignored', message, path: program.path }],
  };
}

function startMusl(context: LoadContext): { run: LoadRun; search: null } {
  return { run: newRun(context, muslLoader(context, muslPath(context))), search: null };
}

function startGlibc(context: LoadContext, options: ClosureOptions): { run: LoadRun; search: GlibcSearch } {
  const search = glibcSearch(context, options.useCache === false ? null : usableCache(context));
  return { run: newRun(context, glibcLoader(context, search)), search };
}

function usableCache(context: LoadContext): LdSoCache | null {
  const cache = context.files.ldSoCache();
  if (!(cache instanceof ElfError)) return cache;
  context.diagnostics.push({ code: 'cache-unreadable', message: cache.message, path: CACHE_PATH });
  return null;
}

function newRun(context: LoadContext, loader: LoadRun['loader']): LoadRun {
  const { program, interpreter } = context;
  return {
    context,
    loader,
    loaded: interpreter === null ? [program] : [program, interpreter],
    queue: [program],
    pendingVariants: [],
    missing: [],
    hwcaps: null,
  };
}

function closureOf(run: LoadRun, search: GlibcSearch | null, preloadFile: boolean): Closure {
  const { context, loaded } = run;
  const cacheNeeded = search === null ? [] : cacheNeeds(run, search);
  return {
    libc: context.facts.libc,
    objects: loaded.filter((map) => map.hwcaps === null).map(objectOf),
    variants: loaded.filter((map) => map.hwcaps !== null).map(objectOf),
    missing: run.missing,
    cacheNeeded,
    configuration: configurationOf(run, { cache: cacheNeeded.length > 0, preloadFile }),
    diagnostics: withoutRepeats(context.diagnostics),
  };
}

function objectOf({ realPath, elf, neededBy, lookups, hwcaps }: LinkMap): LoadedObject {
  return { realPath, soname: elf.soname, neededBy: [...neededBy], lookups, hwcaps };
}

function withoutRepeats(diagnostics: readonly LoadDiagnostic[]): LoadDiagnostic[] {
  return [
    ...new Map(
      diagnostics.map((diagnostic) => [
        `${diagnostic.code} ${diagnostic.path} ${diagnostic.message}`,
        diagnostic,
      ]),
    ).values(),
  ];
}

/** What the cache found and the default directories would not have, or not there. */
function cacheNeeds({ loaded, context }: LoadRun, search: GlibcSearch): CacheNeed[] {
  const lookups = loaded.flatMap((map) => map.lookups.filter(({ via }) => via === 'cache'));
  return lookups.flatMap(({ name, neededBy, realPath }) => {
    const from = loaded.find((map) => map.realPath === neededBy) ?? context.program;
    const { found, variants } = search.defaults(name, from);
    if ([found, ...variants].some((other) => other?.file.realPath === realPath)) return [];
    return [{ name, neededBy, realPath, withoutCache: found?.file.realPath ?? null }];
  });
}

function configurationOf(
  { loaded, context }: LoadRun,
  used: { cache: boolean; preloadFile: boolean },
): LoaderConfiguration[] {
  const muslPathUsed = loaded.some((map) => map.lookups.some(({ via }) => via === 'musl-path'));
  const all = [
    { kind: 'cache', file: CACHE_PATH, used: used.cache },
    { kind: 'preload-file', file: PRELOAD_FILE, used: used.preloadFile },
    { kind: 'musl-path', file: muslPathUsed ? muslPath(context).file : '', used: muslPathUsed },
  ] as const;
  return all
    .filter((file) => file.used)
    .map(({ kind, file }) => {
      const { path, links } = resolvePath(context.tree, file);
      return { kind, path, links };
    });
}
