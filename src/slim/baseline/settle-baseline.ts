import type { Launch } from '../../entry/launch.ts';
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

/** A rate that the first runs happened to share opens a hole when it differs: what differs after that is unsteady. */
const MOST_WIDENINGS = 1;

/**
 * What later runs have to answer to the probes, by two runs on the same files: the first, or, where the two differ
 * only in counters, ids or times, the first with a template of both, if a third run fits it. Values that agree twice by
 * chance do not have to agree again: a third run that does not fit widens the template, and a fourth has to fit. Null
 * for an entry that only builds on the unit and answers otherwise each time.
 * @throws UserError `baseline-unstable` where an entry of the unit itself does.
 */
export async function settleAnswers(
  tools: RunTools,
  reporter: Pick<Reporter, 'entry' | 'on' | 'step' | 'warn'>,
  { current, seen, baseline, run }: TwoRuns,
): Promise<Observation | null> {
  const { workload, launch } = current;
  if (judge(workload, seen, baseline).fault === null) return baseline;
  let settled = baseline;
  let last = seen;
  for (let widenings = 0; widenings <= MOST_WIDENINGS; widenings += 1) {
    const templated = withTemplates(workload, settled, last);
    if (templated === null) break;
    const detail = `running ${launch.kraftfile} again, since its answers differ in counters, ids or times`;
    reporter.step('baseline', detail);
    settled = templated;
    last = await observe(tools, current, run);
    if (judge(workload, last, settled).fault !== null) continue;
    tellTemplates(reporter, launch, settled);
    return settled;
  }
  return isSteady(reporter, current, { seen: last, baseline: settled }) ? settled : null;
}

function tellTemplates(
  { on, entry }: Pick<Reporter, 'entry' | 'on'>,
  { kraftfile }: Launch,
  { answers }: Observation,
): void {
  for (const { answer } of answers) {
    if (answer.template !== undefined)
      on({ type: 'template', entry, kraftfile, text: showTemplate(answer.template) });
  }
}
