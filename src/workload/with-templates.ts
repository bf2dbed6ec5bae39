import { templateOf } from './answer-template.ts';
import { problemOf } from './compare-answer.ts';
import { judge } from './judge.ts';
import type { Observation } from './run-launch.ts';
import type { Workload } from './workload.ts';

/**
 * A run of the baseline with a template for each answer that a second run gave otherwise; null where the two differ in
 * more than a template can hold: a status, a fault, a number of lines, a word.
 */
export function withTemplates(
  workload: Workload,
  baseline: Observation,
  second: Observation,
): Observation | null {
  const answers: Observation['answers'][number][] = [];
  for (const [at, { probe, answer }] of baseline.answers.entries()) {
    const other = second.answers[at]?.answer;
    if (other === undefined) return null;
    if (problemOf(probe, other, answer) === null) {
      answers.push({ probe, answer });
      continue;
    }
    const template = answer.text === null || other.text === null ? null : templateOf(answer.text, other.text);
    if (template === null) return null;
    answers.push({ probe, answer: { ...answer, template } });
  }
  const templated = { ...baseline, answers };
  return judge(workload, second, templated).fault === null ? templated : null;
}
