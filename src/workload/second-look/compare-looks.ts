import { problemOf } from '../compare-answer.ts';
import type { Looked } from './look.ts';

/** A case that is answered otherwise than before. */
export type LookDifference = { readonly title: string; readonly why: string };

/** The cases that two runs on the same files answer alike; a case without an answer is not among them. */
export function answeredAlike(first: readonly Looked[], second: readonly Looked[]): Looked[] {
  const differing = new Set(differencesOfLooks(first, second).map(({ title }) => title));
  return first.filter(({ look, answer }) => answer.fault === null && !differing.has(look.title));
}

/** What of the expected answers did not come. */
export function differencesOfLooks(
  expected: readonly Looked[],
  seen: readonly Looked[],
): readonly LookDifference[] {
  const answers = new Map(seen.map(({ look, answer }) => [look.title, answer]));
  return expected.flatMap(({ look: { title, probe }, answer: before }) => {
    const answer = answers.get(title);
    const why = answer === undefined ? 'the app did not answer any more' : problemOf(probe, answer, before);
    return why === null ? [] : [{ title, why }];
  });
}
