import type { FileTree } from '../../../shared/file-tree.ts';
import type { ImagePath } from '../../../shared/image-path.ts';

/**
 * An interpreter that an app runs. Directories are named as the interpreter names them, which may lead through links.
 */
export type Interpreter = {
  readonly kind: RuntimeKind['name'];
  /** Directories of its standard library, in the order in which they are searched; those of `modules` may lie below. */
  readonly library: readonly ImagePath[];
  /** Directories where it looks for modules of packages, of the system and of a project; they need not exist. */
  readonly modules: readonly ImagePath[];
};

/** A program that an app starts, to look whether it is an interpreter. */
export type StartedProgram = {
  readonly tree: FileTree;
  readonly env: Readonly<Record<string, string>>;
  /** As it is started, through links or not. */
  readonly program: ImagePath;
  /** Where `program` leads, free of links. */
  readonly programFile: ImagePath;
  /** Names of the shared libraries that are kept: a program may embed an interpreter as a library. */
  readonly sonames: ReadonlySet<string>;
  /** Real paths that are kept so far. */
  readonly kept: ReadonlySet<ImagePath>;
};

/** Knowledge about an interpreter. */
export interface RuntimeKind {
  readonly name: 'python' | 'perl' | 'ruby' | 'php' | 'node' | 'java' | 'lua' | 'tcl' | 'r' | 'erlang';
  /** Names of its programs, without version and flavour: `php-fpm` of `php-fpm8.2`. */
  readonly programs: readonly string[];
  /** Names of it as a library, of a server or a program that embeds it: `python` of `libpython3.11.so.1.0`. */
  readonly libraries: readonly string[];
  /** Undefined for a program of another kind, and that has no library. */
  readonly find: (started: StartedProgram) => Omit<Interpreter, 'kind'> | undefined;
}
