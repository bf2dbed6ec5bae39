import type { ImagePath } from '../shared/image-path.ts';
import type { Dependency } from './read-elf.ts';

/** Why a name was looked up at all. `dlopen`: a root that the program opens at run time. */
export type LookupReason = 'program' | 'interpreter' | 'preload' | 'dlopen' | Dependency['kind'];

/**
 * By which rule a file was found. `slash`: the name was a path. `musl-path`: a directory of /etc/ld-musl-ARCH.path.
 * `program` and `interpreter` are paths that the kernel opens.
 */
export type Via =
  | 'program'
  | 'interpreter'
  | 'slash'
  | 'rpath'
  | 'library-path'
  | 'runpath'
  | 'cache'
  | 'default'
  | 'musl-path';

/** One opening of a file by the loader. Its links have to be kept, else the next start opens another file or none. */
export type Lookup = {
  readonly request: LookupReason;
  /** As asked for: DT_NEEDED's text with its tokens expanded, a word of LD_PRELOAD, the root. */
  readonly name: string;
  /** Who asked; null for the program. */
  readonly neededBy: ImagePath | null;
  readonly via: Via;
  /** The absolute path that is opened, as the loader spells it: it may have `..`, doubled slashes and links. */
  readonly path: string;
  readonly realPath: ImagePath;
  /** The symbolic links followed, in order, each by its own place free of links. */
  readonly links: readonly ImagePath[];
  /** Directories that the path only passes through to leave them by `..`; they have to exist. */
  readonly through: readonly ImagePath[];
};

export type LoadedObject = {
  readonly realPath: ImagePath;
  readonly soname: string | null;
  /** Everyone who needs it, the one it was loaded for first; empty for the program. */
  readonly neededBy: readonly ImagePath[];
  /** Every way it was opened. Who found it already loaded, by name or soname, opened nothing. */
  readonly lookups: readonly Lookup[];
  /**
   * Null: loaded on every processor. Else the `glibc-hwcaps/` (or legacy) subdirectory of a processor that loads it,
   * in place of another object or as what such a one needs.
   */
  readonly hwcaps: string | null;
};

/** A name that led nowhere. A preload that is missing is only reported by the loader, all else ends the start. */
export type MissingObject = {
  readonly request: LookupReason;
  readonly name: string;
  readonly neededBy: ImagePath | null;
  /** Every path that was tried, in order; the cache is named where it was asked. */
  readonly searched: readonly string[];
  /** The file that ended the search, since the loader gives up on it instead of looking further. */
  readonly refused: { readonly path: string; readonly reason: string } | null;
};

/**
 * A library that is found, or found at this place, only because of ld.so.cache. Where there is none, the cache may go;
 * the links to keep are then those of a closure with `useCache: false`, since the defaults may spell a path otherwise.
 */
export type CacheNeed = {
  readonly name: string;
  readonly neededBy: ImagePath | null;
  readonly realPath: ImagePath;
  /** What the default directories would give instead. */
  readonly withoutCache: ImagePath | null;
};

/** A file that the loader reads for its settings, and that made a difference. */
export type LoaderConfiguration = {
  readonly kind: 'cache' | 'preload-file' | 'musl-path';
  readonly path: ImagePath;
  readonly links: readonly ImagePath[];
};

export const DIAGNOSTIC_CODES = [
  'cache-unreadable',
  'interpreter-unknown',
  'loader-unreadable',
  'roots-ignored',
  'token-unknown',
  'variant-unloadable',
] as const;

/** Something odd that did not stop the analysis. */
export type LoadDiagnostic = {
  readonly code: (typeof DIAGNOSTIC_CODES)[number];
  readonly message: string;
  readonly path: string | null;
};

export type Closure = {
  /** Whose loader this is; `none` for a static program. */
  readonly libc: 'glibc' | 'musl' | 'none';
  /** In the order of loading: program, interpreter, preloads, then breadth first. */
  readonly objects: readonly LoadedObject[];
  /** What better processors load instead, or besides. */
  readonly variants: readonly LoadedObject[];
  readonly missing: readonly MissingObject[];
  readonly cacheNeeded: readonly CacheNeed[];
  readonly configuration: readonly LoaderConfiguration[];
  readonly diagnostics: readonly LoadDiagnostic[];
};
