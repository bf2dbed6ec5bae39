import type { Need } from '../analysis/need.ts';
import type { ImageId } from '../engine/engine.ts';
import type { Rootfs } from '../image/rootfs.ts';
import { candidatePaths, type Plan, planSlim } from '../plan/plan.ts';
import type { Observation } from '../workload/run-launch.ts';
import type { Case } from './case.ts';
import { trustedOracle } from './oracle.ts';
import type { StageResult } from './result.ts';
import type { Workshop } from './workshop.ts';

export type Analysed = {
  readonly cases: readonly Case[];
  readonly baseline: readonly Observation[];
  readonly rootfs: Rootfs;
  /** The full image, in which the clients of a workload are. */
  readonly clients: ImageId;
  readonly fromStatic: readonly Need[];
  /** The plan of everything that was found. */
  readonly plan: Plan;
  readonly seconds: { readonly static: number; readonly dynamic: number };
};

/**
 * The sets of the stages, cumulative, with their sizes; where asked for, each with the oracle's answer: does the
 * app behave on exactly these files?
 */
export async function askStages(
  workshop: Workshop,
  analysed: Analysed,
  ask: boolean,
): Promise<StageResult[]> {
  const { rootfs, fromStatic, plan, seconds } = analysed;
  const staticPlan = planSlim(rootfs, fromStatic);
  const oracle = ask ? await trustedOracle(workshop, analysed) : undefined;
  const asked = async (set: Plan) => (oracle === undefined ? null : await oracle(candidatePaths(set)));
  return [
    { name: 'static', ...staticPlan.keptSize, passed: await asked(staticPlan), seconds: seconds.static },
    { name: 'dynamic', ...plan.keptSize, passed: await asked(plan), seconds: seconds.dynamic },
    { name: 'search', files: null, bytes: null, passed: null, seconds: 0 },
  ];
}
