import { showTemplate } from '../../workload/answer-template.ts';
import { judge } from '../../workload/judge.ts';
import type { Observation } from '../../workload/run-launch.ts';
import { answeredAlike } from '../../workload/second-look/compare-looks.ts';
import { withTemplates } from '../../workload/with-templates.ts';
import type { Reporter } from '../reporter.ts';
import type { RunTools } from '../tools.ts';
import type { Case } from './case.ts';
import { isSteady } from './judge-cases.ts';
import { type CaseRun, observe } from './run-case.ts';

/** Two runs of a case on the same files, and how a third is made. */
export type TwoRuns = {
  readonly current: Case;
  readonly seen: Observation;
  readonly baseline: Observation;
  readonly run: CaseRun;
};

/** What later runs have to answer: `settleAnswers`, and of the second look what both runs answer alike. */
export async function settleBaseline(
  tools: RunTools,
  reporter: Pick<Reporter, 'entry' | 'on' | 'step' | 'warn'>,
  runs: TwoRuns,
): Promise<Observation | null> {
  const settled = await settleAnswers(tools, reporter, runs);
  if (settled === null || settled.looked.length === 0) return settled;
  return { ...settled, looked: answeredAlike(settled.looked, runs.seen.looked) };
}

/**
 * What later runs have to answer to the probes, by two runs on the same files: the first, or, where the two differ
 * only in counters, ids or times, the first with a template of both, if a third run fits it. Null for an entry that
 * only builds on the unit and answers otherwise each time.
 * @throws UserError `baseline-unstable` where an entry of the unit itself does.
 */
async function settleAnswers(
  tools: RunTools,
  reporter: Pick<Reporter, 'entry' | 'on' | 'step' | 'warn'>,
  { current, seen, baseline, run }: TwoRuns,
): Promise<Observation | null> {
  const { workload, launch } = current;
  if (judge(workload, seen, baseline).fault === null) return baseline;
  const templated = withTemplates(workload, baseline, seen);
  if (templated !== null) {
    const detail = `running ${launch.kraftfile} a third time, since its answers differ in counters, ids or times`;
    reporter.step('baseline', detail);
    const third = await observe(tools, current, run);
    if (judge(workload, third, templated).fault === null) {
      for (const { answer } of templated.answers)
        if (answer.template !== undefined)
          reporter.on({
            type: 'template',
            entry: reporter.entry,
            kraftfile: launch.kraftfile,
            text: showTemplate(answer.template),
          });
      return templated;
    }
  }
  return isSteady(reporter, current, { seen, baseline }) ? baseline : null;
}
