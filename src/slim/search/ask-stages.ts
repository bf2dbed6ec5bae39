import { arrivalsOf, assembleLayout, layOut } from '../../plan/layout.ts';
import { type Plan, planSlim } from '../../plan/plan.ts';
import type { NeedsFound } from '../find/find-needs.ts';
import type { AnalysedUnit } from '../plan/plan-unit.ts';
import type { Seconds, StageResult } from '../result.ts';
import { insistOnTrust, type Oracle } from './oracle.ts';
import { searchItems } from './search-items.ts';

/**
 * The sets of the first two stages, cumulative, with their sizes; where an oracle is given, each with its answer:
 * does the app behave on exactly these files? The third is `searchStageOf`.
 */
export async function askStages(
  { fromStatic, seconds }: Pick<NeedsFound, 'fromStatic' | 'seconds'>,
  { plan, opened: { rootfs } }: Pick<AnalysedUnit, 'plan' | 'opened'>,
  oracle: Oracle | null,
): Promise<StageResult[]> {
  const staticPlan = planSlim(rootfs, fromStatic);
  if (oracle !== null) {
    const items = searchItems({
      rootfs,
      planned: arrivalsOf(plan),
      isHeld: () => false,
      isDropped: () => false,
    });
    const everything = () =>
      assembleLayout(
        rootfs,
        items.flatMap(({ arrivals }) => arrivals),
      );
    await insistOnTrust(oracle, { planned: layOut(rootfs, plan), everything });
  }
  const answerTo = async (set: Plan) => (oracle === null ? null : await oracle.ask(layOut(rootfs, set)));
  return [
    { name: 'static', ...staticPlan.keptSize, passed: await answerTo(staticPlan), seconds: seconds.static },
    { name: 'dynamic', ...plan.keptSize, passed: await answerTo(plan), seconds: seconds.dynamic },
  ];
}

/** What stage 3 comes to, by the plan of what it left; null where it did not run. */
export function searchStageOf(left: Plan | null, { search }: Pick<Seconds, 'search'>): StageResult {
  if (left === null) return { name: 'search', files: null, bytes: null, passed: null, seconds: 0 };
  return { name: 'search', ...left.keptSize, passed: true, seconds: search };
}
