import type { Need } from '../../analysis/need.ts';
import type { Rootfs } from '../../image/rootfs.ts';
import { arrivalsOf, assembleLayout, layOut } from '../../plan/layout.ts';
import { type Plan, planSlim } from '../../plan/plan.ts';
import type { StageResult } from '../result.ts';
import { insistOnTrust, type Oracle } from './oracle.ts';
import { searchItems } from './search-items.ts';

export type Analysed = {
  readonly rootfs: Rootfs;
  readonly fromStatic: readonly Need[];
  /** The plan of everything that was found. */
  readonly plan: Plan;
  readonly seconds: { readonly static: number; readonly dynamic: number };
};

/**
 * The sets of the first two stages, cumulative, with their sizes; where an oracle is given, each with its answer:
 * does the app behave on exactly these files? The third is reported at its end.
 */
export async function askStages(
  { rootfs, fromStatic, plan, seconds }: Analysed,
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
    { name: 'search', files: null, bytes: null, passed: null, seconds: 0 },
  ];
}
