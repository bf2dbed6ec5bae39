import type { Assumption } from '../../config/config-schema.ts';
import type { Launch } from '../../entry/launch.ts';
import type { FileTree } from '../../shared/file-tree.ts';
import type { ImagePath } from '../../shared/image-path.ts';
import type { Need } from '../need.ts';
import type { Packages } from './packages.ts';

/** What a promise rule may look at. */
export type PromiseContext = {
  /** The root file system as the app sees it: a delta lies over its runtime. */
  readonly tree: FileTree;
  /** `workload` promises nothing beyond the workload, so that no rule runs for it. */
  readonly promise: 'app' | 'runtime';
  /** Every need so far: static, traced, given, and those of earlier rounds of the rules. */
  readonly needs: readonly Need[];
  /** The real paths of these, every link followed. */
  readonly kept: ReadonlySet<ImagePath>;
  readonly launches: readonly Pick<Launch, 'argv' | 'env'>[];
  /** Real paths of the ELF programs that a launch starts or that the traced app executes. */
  readonly programs: readonly ImagePath[];
  /** Files that the traced app wrote, made, renamed or removed, as it named them. */
  readonly written: readonly ImagePath[];
  /** Directories that a COPY line of the slimmed stage copies from another stage. */
  readonly copiedIn: readonly ImagePath[];
  readonly packages: Packages;
  /** Packages that RUN steps of the Dockerfile install by name, with any package manager. */
  readonly installed: readonly string[];
  /** Whether a path comes from the Dockerfile's base image as it is, or from a step of the Dockerfile. */
  readonly made: (path: ImagePath) => 'base' | 'author';
  readonly assumes: (assumption: Assumption) => boolean;
  /** Ends a rule that takes long. */
  readonly signal?: AbortSignal | undefined;
};

/** Knowledge about what users of an app may ask of it that no probe shows. */
export interface PromiseRule {
  /** The name that reasons give: `standard-library`, `time-zones`. */
  readonly name: string;
  /**
   * Paths to keep, as the app names them. `promiseNeeds` leaves out the paths that do not exist and dead weight, and
   * adds what ELF objects among them link. A directory stands for itself alone, not for what it holds.
   */
  readonly needs: (context: PromiseContext) => readonly ImagePath[] | Promise<readonly ImagePath[]>;
}
