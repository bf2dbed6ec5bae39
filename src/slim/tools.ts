import type { Engine } from '../engine/engine.ts';
import type { KnownFiles } from '../image/known-files.ts';
import type { NetworkPool } from '../workload/network-pool.ts';
import type { Runner } from '../workload/runner.ts';
import type { VisitWait } from '../workload/visit.ts';
import type { Gate } from './gate.ts';

/** Tools to run an app with. */
export type RunTools = {
  readonly engine: Engine;
  readonly networks: NetworkPool;
  readonly signal: AbortSignal;
  readonly gate: Gate;
  /** For many runs in a row; by default each run makes its containers. */
  readonly runner?: Pick<Runner, 'run'>;
};

/** Tools to act with on a unit. What they find goes to a `Reporter`. */
export type Tools = RunTools & {
  /** Files of images that were taken for other entries; null where each image is taken as a whole. */
  readonly knownFiles: KnownFiles | null;
  /** Waits while a person uses the traced app; null without `--interactive`. */
  readonly visit: VisitWait | null;
};
