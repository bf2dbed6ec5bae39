import type { MissedPath } from '../analysis/dynamic.ts';
import type { Size } from '../image/rootfs.ts';
import type { Plan } from '../plan/plan.ts';
import type { Verdict } from '../workload/judge.ts';
import type { Case } from './baseline/case.ts';
import type { FileChange } from './file-change.ts';
import type { VisitOffer } from './find/visit-offer.ts';
import type { SecondLook } from './finish/look-verdict.ts';
import type { PromisedSize } from './plan/promised-sizes.ts';
import type { Result, StageResult } from './result.ts';

/** A unit that was analysed, rendered, rebuilt and found to behave as before; nothing is written yet. */
export type Slimmed = {
  readonly cases: readonly Case[];
  /** null where the unit has drifted: its own result does not work any more. */
  readonly before: Size | null;
  readonly after: Size;
  readonly memory: NonNullable<Result['memory']>;
  readonly stages: readonly StageResult[];
  /** One for each case. */
  readonly verdicts: readonly Verdict[];
  readonly secondLook: SecondLook | null;
  readonly search: NonNullable<Result['search']>;
  /** Whether something that upstream has moved was repaired. */
  readonly repaired: boolean;
  readonly plan: Plan;
  readonly promised: readonly PromisedSize[];
  /** Paths that the apps looked for and did not find. */
  readonly missed: readonly MissedPath[];
  /** What a person's use of the app adds; null without `--interactive`. */
  readonly visited: VisitOffer | null;
  /** Files as they are to be; those that stay as they are are not among them. */
  readonly changes: readonly FileChange[];
};
