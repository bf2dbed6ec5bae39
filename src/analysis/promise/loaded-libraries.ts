import { ElfError } from '../../elf/elf-error.ts';
import { CACHE_PATH, loaderFiles } from '../../elf/loader-files.ts';
import { resolvePath } from '../../shared/file-tree.ts';
import { baseName, type ImagePath, imagePath, isWithin, parentOf } from '../../shared/image-path.ts';
import { isFile, pathsIn } from '../rules/tree-files.ts';
import { isAuthorSource, sourceText } from './author-sources.ts';
import { oncePerFile } from './kept-code.ts';
import { namedOnce } from './named-once.ts';
import type { PromiseContext, PromiseRule } from './rule.ts';
import { runtimesOf } from './runtimes.ts';

/**
 * Libraries that kept sources name to load them at run time: `CDLL("libsodium.so.23")` in Python, `dlopen` of cffi and
 * of Fiddle in Ruby, `FFI::cdef` in PHP, `ffi.load` in Lua, and `find_library("sodium")` of ctypes, which takes a name
 * without its version. For that CPython asks ldconfig what is in ld.so.cache (Lib/ctypes/util.py,
 * `_findSoname_ldconfig`), since its other ways take a compiler.
 */
export const loadedLibraries: PromiseRule = {
  name: 'loaded-libraries',
  needs(context) {
    const texts = sourcesOf(context).map((path) => namesIn(context.tree, path));
    const libraries = librariesIn(context, texts);
    const finds = texts.some(({ finds }) => finds) || (context.promise === 'runtime' && hasCtypes(context));
    return [
      ...namedOnce(libraries, context),
      ...(libraries.some((path) => isFoundByCache(path, context)) ? [imagePath(CACHE_PATH)] : []),
      ...(finds ? ldconfig(context) : []),
    ];
  },
};

/** What a source says of the libraries that it loads. */
type Named = {
  /** File names: `libsodium.so.23`. */
  readonly files: readonly string[];
  /** Names without version: `sodium`. */
  readonly bare: readonly string[];
  /** Whether it looks libraries up by ctypes. */
  readonly finds: boolean;
};

const NONE: Named = { files: [], bare: [], finds: false };

const FILE_NAME = /["'`](?:[^"'`\s]*\/)?(lib[\w+.-]*\.so(?:\.\d+)*)["'`]/g;
const BARE_NAME = /\b(?:find_library|ffi_lib|ffi\.load|ffi\.dlopen)\s*\(?\s*[fbru]?["']([\w+.-]+)["']/g;

const namesIn = oncePerFile((tree, path): Named => {
  const text = sourceText(tree, path);
  if (text === null) return NONE;
  return {
    files: [...text.matchAll(FILE_NAME)].map(([, name]) => name as string),
    bare: [...text.matchAll(BARE_NAME)].map(([, name]) => name as string),
    finds: /\bfind_library\b/.test(text),
  };
});

/** Sources in languages that have no compiler. */
const SOURCE = /\.(?:py|rb|lua|php|p[lm]|m?js|cjs|sh)$|\/[^./]+$/;

/** Kept sources of the author and of installed modules; a standard library names what its own tests load. */
function sourcesOf(context: PromiseContext): ImagePath[] {
  const { tree, kept } = context;
  const modules = runtimesOf(context).flatMap((runtime) =>
    runtime.modules.map((path) => resolvePath(tree, path).path),
  );
  return [...kept].filter(
    (path) =>
      SOURCE.test(path) && (isAuthorSource(context, path) || modules.some((place) => isWithin(path, place))),
  );
}

/** Where the dynamic linker finds the libraries: by ld.so.cache, by LD_LIBRARY_PATH, or in a default directory. */
function librariesIn(context: PromiseContext, texts: readonly Named[]): ImagePath[] {
  const { tree } = context;
  const files = new Set(texts.flatMap((named) => named.files));
  const bare = new Set(texts.flatMap((named) => named.bare));
  if (files.size === 0 && bare.size === 0) return [];
  const isNamed = (name: string) =>
    files.has(name) || bare.has(name) || bare.has(/^lib(.+?)\.so(?:\.\d+)*$/.exec(name)?.[1] ?? '');
  const cache = loaderFiles(tree).ldSoCache();
  const cached = cache === null || cache instanceof ElfError ? [] : cache.entries.map(({ path }) => path);
  const directories = new Set([...environmentDirectories(context), ...DEFAULT_DIRECTORIES]);
  const listed = [...directories].flatMap((directory) => pathsIn(tree, directory));
  return [...new Set([...cached.map((path) => imagePath(path)), ...listed])].filter(
    (path) => isNamed(baseName(path)) && isFile(tree, path),
  );
}

function environmentDirectories({ launches }: PromiseContext): string[] {
  const words = launches.flatMap(({ env: { LD_LIBRARY_PATH = '' } }) => LD_LIBRARY_PATH.split(':'));
  return words.filter((path) => path.startsWith('/'));
}

/** Of musl, ldso/dynlink.c, and of glibc without a directory for the architecture. */
const DEFAULT_DIRECTORIES = ['/lib', '/usr/local/lib', '/usr/lib'];

/** Whether glibc finds a library by its cache alone, as in /usr/local/lib. */
function isFoundByCache(path: ImagePath, context: PromiseContext): boolean {
  const directory = parentOf(path);
  const isDefault = /^(?:\/usr)?\/lib(?:64)?(?:\/[\w-]+-linux-[\w-]+)?$/.test(directory);
  return !isDefault && !environmentDirectories(context).includes(directory);
}

/** The promise of a runtime holds what ctypes can do. */
function hasCtypes(context: PromiseContext): boolean {
  return runtimesOf(context).some(({ kind }) => kind === 'python');
}

/** By the name that CPython starts; Ubuntu's is a shell script around another program. */
function ldconfig({ tree }: PromiseContext): ImagePath[] {
  const isScript = isFile(tree, '/sbin/ldconfig.real');
  const script = isScript ? ['/sbin/ldconfig.real', '/bin/sh'] : [];
  return ['/sbin/ldconfig', CACHE_PATH, ...script].map((path) => imagePath(path));
}
