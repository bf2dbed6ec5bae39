import { problemOf } from '../compare-answer.ts';
import type { Answer } from '../probe.ts';
import { maskTimes } from '../volatile.ts';
import type { Looked } from './look.ts';

/** A case that is answered differently from before. */
export type LookDifference = { readonly title: string; readonly why: string };

/** The cases that two runs on the same files answer alike; no two cases without an answer are alike. */
export function answeredAlike(first: readonly Looked[], second: readonly Looked[]): Looked[] {
  const differing = new Set(differencesOfLooks(first, second).map(({ title }) => title));
  return first.filter(({ look }) => !differing.has(look.title));
}

/** What of the expected answers did not come. */
export function differencesOfLooks(
  expected: readonly Looked[],
  seen: readonly Looked[],
): readonly LookDifference[] {
  const answers = new Map(seen.map(({ look, answer }) => [look.title, answer]));
  return expected.flatMap(({ look: { title, probe }, answer: before }) => {
    const answer = answers.get(title);
    if (answer === undefined) return [{ title, why: 'the app did not answer any more' }];
    if (problemOf(probe, answer, before) === null) return [];
    const [cut, cutBefore] = fromFirstDifference(answer, before);
    return [{ title, why: problemOf(probe, cut, cutBefore) ?? 'the answer is another' }];
  });
}

/** Two answers from the first line on in which they differ, so that a message shows that line. */
function fromFirstDifference(answer: Answer, before: Answer): readonly [Answer, Answer] {
  const lines = (answer.text ?? '').split('\n').map(maskTimes);
  const linesBefore = (before.text ?? '').split('\n').map(maskTimes);
  const differing = lines.findIndex((line, index) => line !== linesBefore[index]);
  const at = differing === -1 ? lines.length : differing;
  const rest = (of: Answer, all: readonly string[]): Answer =>
    of.text === null ? of : { ...of, text: all.slice(at).join('\n') };
  return [rest(answer, lines), rest(before, linesBefore)];
}
