import { judge } from '../../workload/judge.ts';
import type { Observation } from '../../workload/run-launch.ts';
import { withTemplates } from '../../workload/with-templates.ts';
import type { Reporter } from '../reporter.ts';
import type { RunTools } from '../tools.ts';
import type { Baseline } from './case.ts';
import { observe } from './run-case.ts';
import { settleAnswers } from './settle-baseline.ts';
import type { Subject } from './subject.ts';

/** How the cases behave on a result, and the full root file system to run them on again. */
export type SeenOnResult = {
  readonly seen: readonly Observation[];
  readonly subject: Subject;
};

/**
 * The baseline after another run on the full root file system, where a result differs from it only in counters, ids or
 * times: values that the runs so far share by chance, such as a rate, may differ in the next run on any files. Only the
 * full root file system says which of them vary. Null where a result differs otherwise.
 * @throws UserError `baseline-unstable` where the full root file system itself answers otherwise by now.
 */
export async function widenedBaseline(
  tools: RunTools,
  reporter: Pick<Reporter, 'entry' | 'on' | 'step' | 'warn'>,
  { cases, baseline }: Baseline,
  { seen, subject }: SeenOnResult,
): Promise<readonly Observation[] | null> {
  const differing = cases.flatMap(({ workload }, at) =>
    judge(workload, seen[at] as Observation, baseline[at] as Observation).fault === null ? [] : [at],
  );
  const couldVary = differing.every((at) => {
    const { workload } = cases[at] as Baseline['cases'][number];
    return withTemplates(workload, baseline[at] as Observation, seen[at] as Observation) !== null;
  });
  if (differing.length === 0 || !couldVary) return null;
  const widened = [...baseline];
  for (const at of differing) {
    const current = cases[at] as Baseline['cases'][number];
    const known = baseline[at] as Observation;
    const run = { subject };
    const again = await observe(tools, current, run);
    const settled = await settleAnswers(tools, reporter, { current, seen: again, baseline: known, run });
    widened[at] = settled ?? known;
  }
  return widened;
}
