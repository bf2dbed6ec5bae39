import type { Observation } from '../../workload/run-launch.ts';
import { differencesOfLooks, type LookDifference } from '../../workload/second-look/compare-looks.ts';
import type { Case } from '../baseline/case.ts';
import type { Result } from '../result.ts';

/** What the second look at a result showed. */
export type SecondLook = {
  /** Cases that the full root file system answers twice alike. */
  readonly cases: number;
  /** Those that the result answers otherwise, each with its Kraftfile. */
  readonly differing: readonly (LookDifference & { readonly kraftfile: string })[];
};

/** Compares the second look at a result with the baseline's; null where the baseline has no case to compare. */
export function secondLookOf(
  cases: readonly Case[],
  seen: readonly Observation[],
  baseline: readonly Observation[] | null,
): SecondLook | null {
  const expected = cases.map((_, at) => baseline?.[at]?.looked ?? []);
  const count = expected.reduce((sum, looked) => sum + looked.length, 0);
  if (count === 0) return null;
  const differing = cases.flatMap(({ launch: { kraftfile } }, at) =>
    differencesOfLooks(expected[at] ?? [], seen[at]?.looked ?? []).map((found) => ({ ...found, kraftfile })),
  );
  return { cases: count, differing };
}

/** Whether a run that is to be compared with a baseline has to take the second look. */
export function hasLooked(baseline: readonly Observation[] | null): boolean {
  return baseline?.some(({ looked }) => looked.length > 0) ?? false;
}

/** The part of a result about the second look. */
export function describeLook(look: SecondLook | null): Result['secondLook'] {
  return look === null ? null : { cases: look.cases, same: look.cases - look.differing.length };
}
