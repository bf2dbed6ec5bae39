import type { FileTree } from '../shared/file-tree.ts';
import type { ImagePath } from '../shared/image-path.ts';
import type { LoadDiagnostic, Lookup, LookupReason, Via } from './closure.ts';
import type { LoaderFacts } from './loader-facts.ts';
import type { LoaderFiles } from './loader-files.ts';
import type { MachineFacts } from './machine.ts';
import type { Dependency, ElfFile } from './read-elf.ts';

/** A loaded object, as both loaders keep it (glibc's `struct link_map`, musl's `struct dso`). */
export type LinkMap = {
  readonly elf: ElfFile;
  readonly realPath: ImagePath;
  /** As it was opened, absolute. */
  readonly path: string;
  /** What `$ORIGIN` is in it; null where the loader cannot know. */
  readonly origin: string | null;
  /** Names by which a later request finds it without a search. */
  readonly names: Set<string>;
  /** Who caused it to be loaded: RPATH is inherited along this chain. */
  readonly loader: LinkMap | null;
  readonly hwcaps: string | null;
  readonly lookups: Lookup[];
  readonly neededBy: Set<ImagePath>;
};

/** A file that the loader would take: opened, and of the loader's machine. */
export type OpenedFile = {
  readonly kind: 'opened';
  readonly path: string;
  readonly realPath: ImagePath;
  readonly links: readonly ImagePath[];
  readonly elf: ElfFile;
};

/** What a search for one name came to. */
export type Search = {
  found: { file: OpenedFile; via: Via } | null;
  /** Files that a better processor would take, best first. */
  readonly variants: { file: OpenedFile; via: Via; hwcaps: string }[];
  readonly searched: string[];
  refused: { path: string; reason: string } | null;
};

export function emptySearch(): Search {
  return { found: null, variants: [], searched: [], refused: null };
}

/** All that a search needs to know of one start. */
export type LoadContext = {
  readonly tree: FileTree;
  readonly files: LoaderFiles;
  readonly facts: LoaderFacts;
  readonly machine: MachineFacts;
  readonly program: LinkMap;
  readonly interpreter: LinkMap | null;
  /** The path in PT_INTERP, or the one taken for it. */
  readonly interpreterPath: string | null;
  /** LD_LIBRARY_PATH; empty for none. */
  readonly libraryPath: string;
  readonly cwd: ImagePath;
  /** Whether /proc/self can be read; Unikraft's base has none. */
  readonly procfs: boolean;
  readonly diagnostics: LoadDiagnostic[];
};

/** What differs between glibc's loader and musl's. */
export type Loader = {
  /** The text of a dependency as it is then looked up; null: the loader passes over it. */
  readonly expandName: (name: string, from: LinkMap) => string | null;
  /** An object that serves a name without a search. */
  readonly loadedAs: (name: string, loaded: readonly LinkMap[]) => LinkMap | undefined;
  readonly search: (name: string, from: LinkMap | null) => Search;
  /** Whose directories a search takes, and whose the new object inherits: `from` asks for it. */
  readonly heritage: (
    request: LookupReason,
    from: LinkMap,
  ) => { searcher: LinkMap | null; loader: LinkMap | null };
  /** The object already loaded from this file. */
  readonly loadedFrom: (file: OpenedFile, loaded: readonly LinkMap[]) => LinkMap | undefined;
  /** A further name of `map`, since a request for `name` led to its file; null for none. */
  readonly aliasOf: (map: LinkMap, name: string) => string | null;
  /** Names of a new object, and its `$ORIGIN`. */
  readonly namesOf: (name: string, file: OpenedFile) => readonly string[];
  readonly originOf: (file: OpenedFile) => string | null;
  readonly dependencyKinds: readonly Dependency['kind'][];
  readonly preloadNames: (environment: string) => string[];
};

/** The text before the last slash; `/` for a file in the root. */
export function directoryOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/';
}
