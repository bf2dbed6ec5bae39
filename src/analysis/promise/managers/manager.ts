import type { ImagePath } from '../../../shared/image-path.ts';
import type { PromiseContext } from '../rule.ts';
import type { Interpreter } from '../runtimes/runtime.ts';

/** A package with modules for an interpreter, by the records of its package manager. */
export type ModulePackage = {
  /** Unique among all managers: `dpkg:python3-flask`, `npm:/app/node_modules/express`. */
  readonly id: string;
  /** Files and links, by their real places; some need not exist. */
  readonly files: () => readonly ImagePath[];
  /** Ids of packages that it needs; some need not exist. */
  readonly dependencies: () => readonly string[];
  /** Whether the Dockerfile's author asks for it by name. */
  readonly isNamed: boolean;
};

/** What the managers after the first need to know of those before. */
export type Managed = {
  readonly context: PromiseContext;
  readonly runtimes: readonly Interpreter[];
  /** Whether a package of an earlier manager owns a file, by its real place. */
  readonly isOwned: (path: ImagePath) => boolean;
};

/** A package manager of a system or of a language. */
export interface ModuleManager {
  readonly name: string;
  readonly packages: (managed: Managed) => readonly ModulePackage[];
}
