import { showTemplate } from '../../workload/answer-template.ts';
import { judge } from '../../workload/judge.ts';
import type { Observation } from '../../workload/run-launch.ts';
import { answeredAlike } from '../../workload/second-look/compare-looks.ts';
import { withTemplates } from '../../workload/with-templates.ts';
import type { Workshop } from '../workshop.ts';
import { type Case, isSteady, observe, type RunTools } from './case.ts';
import type { Subject } from './subject.ts';

type Runs = { readonly seen: Observation; readonly baseline: Observation; readonly subject: Subject };

/** What later runs have to answer: `settleAnswers`, and of the second look what both runs answer alike. */
export async function settleBaseline(
  workshop: RunTools & Pick<Workshop, 'on' | 'warn' | 'unit'>,
  current: Case,
  runs: Runs,
): Promise<Observation | null> {
  const settled = await settleAnswers(workshop, current, runs);
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
  workshop: RunTools & Pick<Workshop, 'on' | 'warn' | 'unit'>,
  current: Case,
  { seen, baseline, subject }: Runs,
): Promise<Observation | null> {
  const { workload, launch } = current;
  if (judge(workload, seen, baseline).fault === null) return baseline;
  const templated = withTemplates(workload, baseline, seen);
  if (templated !== null) {
    const detail = `running ${launch.kraftfile} a third time, since its answers differ in counters, ids or times`;
    workshop.on({ type: 'step', entry: workshop.unit.name, step: 'baseline', detail });
    const third = await observe(workshop, current, { subject });
    if (judge(workload, third, templated).fault === null) {
      for (const { answer } of templated.answers)
        if (answer.template !== undefined)
          workshop.on({
            type: 'template',
            entry: workshop.unit.name,
            kraftfile: launch.kraftfile,
            text: showTemplate(answer.template),
          });
      return templated;
    }
  }
  return isSteady(workshop, current, { seen, baseline }) ? baseline : null;
}
