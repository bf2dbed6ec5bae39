import type { Config } from '../config/config-schema.ts';
import type { RootfsUnit } from '../entry/unit.ts';

/** The library entries' deltas of a catalog: see `dependentsOf`, which looks for them on disk. */
export type FindDependents = (library: RootfsUnit) => Promise<readonly RootfsUnit[]>;

/** The unit that the work is about, with its settings. */
export type Task = {
  readonly unit: RootfsUnit;
  readonly config: Config;
  /** See `loadConfig`: holds for the settings of other entries that the work reads as well. */
  readonly untrusted: boolean;
  readonly dependentsOf: FindDependents;
};
