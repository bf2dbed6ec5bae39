import type { ImagePath } from '../shared/image-path.ts';
import type { LoaderFiles } from './loader-files.ts';

/** The launch, as far as the loader minds it. */
export type ClosureOptions = {
  /** LD_LIBRARY_PATH and LD_PRELOAD, as they stand in its environment. */
  readonly libraryPath?: string;
  readonly preload?: string;
  /** LD_ORIGIN_PATH: glibc's `$ORIGIN` of the program where there is no /proc. */
  readonly originPath?: string;
  /** Where the program is started; relative directories are taken from it. Default `/`. */
  readonly cwd?: ImagePath;
  /** Whether /proc/self can be read; false on Unikraft's base. Default true. */
  readonly procfs?: boolean;
  /** False: as if there were no ld.so.cache. Default true. */
  readonly useCache?: boolean;
  /** The loader of a program that has no PT_INTERP, thus of a library on its own. Default: one that the tree has. */
  readonly interpreter?: string;
  /** To share what has been read between calls on the same tree. */
  readonly files?: LoaderFiles;
};
