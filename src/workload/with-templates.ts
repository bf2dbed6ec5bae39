import { templateOf, widenTemplate } from './answer-template.ts';
import { problemOf } from './compare-answer.ts';
import { judge } from './judge.ts';
import type { Observation } from './run-launch.ts';
import type { Workload } from './workload.ts';

/**
 * A baseline whose answers hold those of a later run, too: with a template for each answer that differs, or a wider one
 * where it has a template already; null where they differ in more than a template can hold: a status, a fault, a number
 * of lines, a word.
 */
export function withTemplates(
  workload: Workload,
  baseline: Observation,
  later: Observation,
): Observation | null {
  const answers: Observation['answers'][number][] = [];
  for (const [at, { probe, answer }] of baseline.answers.entries()) {
    const other = later.answers[at]?.answer;
    if (other === undefined) return null;
    if (problemOf(probe, other, answer) === null) {
      answers.push({ probe, answer });
      continue;
    }
    if (answer.text === null || other.text === null) return null;
    const template = widenTemplate(answer.template ?? templateOf(answer.text), other.text);
    if (template === null) return null;
    answers.push({ probe, answer: { ...answer, template } });
  }
  const templated = { ...baseline, answers };
  return judge(workload, later, templated).fault === null ? templated : null;
}
