import type { Rootfs, Size } from '../../image/rootfs.ts';
import { compareRootfs, type Difference, isOfContent } from '../../plan/compare-rootfs.ts';
import type { Layout } from '../../plan/layout.ts';
import { both } from '../../shared/both.ts';
import { disposeAll } from '../../shared/dispose-all.ts';
import { UserError } from '../../shared/failure.ts';
import type { Verdict } from '../../workload/judge.ts';
import type { Observation } from '../../workload/run-launch.ts';
import { type Case, describeCases } from '../baseline/case.ts';
import type { OtherImage } from '../baseline/composition.ts';
import { judgeAll } from '../baseline/judge-cases.ts';
import { observeAll } from '../baseline/run-case.ts';
import type { BuiltSubject } from '../baseline/subject.ts';
import type { BuiltImage } from '../built-image.ts';
import type { Reporter } from '../reporter.ts';
import type { Result } from '../result.ts';
import type { RunTools } from '../tools.ts';
import { hasLooked, type SecondLook, secondLookOf } from './look-verdict.ts';
import { memoryOf } from './memory.ts';

/** A rebuilt image that has the planned files and behaves like the baseline. */
export type Rebuilt = {
  readonly kind: 'alike';
  readonly after: Size;
  readonly memory: NonNullable<Result['memory']>;
  readonly verdicts: readonly Verdict[];
  readonly secondLook: SecondLook | null;
};

/** How a rebuilt image fails: its files differ from the plan, or the app does not behave on them. */
export type Failing = {
  readonly kind: 'differs' | 'misbehaves';
  /** One sentence, lower case, no full stop. */
  readonly message: string;
  readonly detail: string;
};

/** What the comparison of a rebuilt image comes to. */
export type Comparison = Rebuilt | Failing;

export type Expected = {
  readonly built: BuiltSubject;
  /** The files that have to be there; null where they are not known, since the tool did not write the Dockerfile. */
  readonly layout: Layout | null;
  readonly cases: readonly Case[];
  /** What lies under it; null for all but a runtime delta. */
  readonly runtime: OtherImage | null;
  /** How the app behaved on the full root file system; null where only the workload's expectations count. */
  readonly baseline: readonly Observation[] | null;
  /** Builds again the stages that the result is copied from; called only where a file has another content. */
  readonly stages?: () => Promise<BuiltImage[]>;
  /**
   * A baseline after another run on the full root file system, where a result differs in what may differ from run to
   * run on any files; null where it differs otherwise. Called only where the app behaves otherwise.
   */
  readonly widen?: (
    baseline: readonly Observation[],
    seen: readonly Observation[],
  ) => Promise<readonly Observation[] | null>;
};

/** How many differences a message shows. */
const SHOWN = 10;

/** Compares a built image with the laid-out files, and its app with the baseline. */
export async function compareBuilt(
  tools: RunTools,
  { learn }: Pick<Reporter, 'learn'>,
  expected: Expected,
): Promise<Comparison> {
  const { built, layout, cases, baseline, runtime, stages } = expected;
  const run = { subject: built, looks: hasLooked(baseline) };
  const [rootfs, seen] = await both(built.view(), observeAll(tools, cases, run));
  const differences = layout === null ? [] : await differencesOf(rootfs, layout, stages);
  if (differences.length > 0) {
    const message = `the rebuilt image differs from the plan: ${differences[0]}`;
    return { kind: 'differs', message, detail: differences.slice(0, SHOWN).join('\n') };
  }
  const verdicts = await judgeSteadily(expected, seen, () => observeAll(tools, cases, { subject: built }));
  learn(describeCases(cases, verdicts));
  for (const [at, { fault }] of verdicts.entries()) {
    if (fault === null) continue;
    const message = `${cases[at]?.launch.kraftfile} does not behave as expected: ${fault.message}`;
    return { kind: 'misbehaves', message, detail: fault.detail };
  }
  const secondLook = secondLookOf(cases, seen, baseline);
  const memory = memoryOf(rootfs, runtime?.rootfs);
  return { kind: 'alike', after: rootfs.size(), memory, verdicts, secondLook };
}

/** How often both file systems run again where a result differs in counters, ids or times alone. */
const MOST_RUNS_AGAIN = 2;

/**
 * Judges a result. Where it differs in what may differ from run to run on any files, as a rate does on a busy machine,
 * the full root file system runs again, and then the result: one run of it has to answer what the full root file system
 * answers.
 */
async function judgeSteadily(
  { cases, baseline, widen }: Expected,
  first: readonly Observation[],
  observeAgain: () => Promise<readonly Observation[]>,
): Promise<readonly Verdict[]> {
  let verdicts = judgeAll(cases, first, baseline);
  let wider = baseline;
  let seen = first;
  for (let runs = 0; runs < MOST_RUNS_AGAIN; runs += 1) {
    if (wider === null || widen === undefined || behaves(verdicts)) break;
    wider = await widen(wider, seen);
    if (wider === null) break;
    verdicts = judgeAll(cases, seen, wider);
    if (behaves(verdicts)) break;
    seen = await observeAgain();
    verdicts = judgeAll(cases, seen, wider);
  }
  return verdicts;
}

function behaves(verdicts: readonly Verdict[]): boolean {
  return verdicts.every(({ fault }) => fault === null);
}

/** The failure `verify-failed` of a result, for the user. */
export function verifyFailure({ message, detail }: Failing): UserError {
  return new UserError('verify-failed', message, { detail });
}

/** A RUN may make another file at each build: the file is compared with the stage that it comes from, built again. */
async function differencesOf(
  rebuilt: Rootfs,
  layout: Layout,
  buildStages: Expected['stages'],
): Promise<readonly Difference[]> {
  const differences = compareRootfs(rebuilt, layout);
  if (buildStages === undefined || !differences.some(isOfContent)) return differences;
  const stages = await buildStages();
  try {
    return compareRootfs(rebuilt, layout, await Promise.all(stages.map((stage) => stage.rootfs())));
  } finally {
    await disposeAll(stages);
  }
}
