import type { Rootfs, Size } from '../../image/rootfs.ts';
import { compareRootfs, type Difference, isOfContent } from '../../plan/compare-rootfs.ts';
import type { Layout } from '../../plan/layout.ts';
import { disposeAll } from '../../shared/dispose-all.ts';
import { UserError } from '../../shared/failure.ts';
import type { Verdict } from '../../workload/judge.ts';
import type { Observation } from '../../workload/run-launch.ts';
import { type Case, describeCases, judgeAll, observeAll } from '../baseline/case.ts';
import type { OtherImage } from '../baseline/composition.ts';
import type { BuiltSubject } from '../baseline/subject.ts';
import type { Result } from '../result.ts';
import { type BuiltImage, both, type Workshop } from '../workshop.ts';
import { hasLooked, type SecondLook, secondLookOf } from './look-verdict.ts';
import { memoryOf } from './memory.ts';

export type Rebuilt = {
  readonly after: Size;
  readonly memory: NonNullable<Result['memory']>;
  readonly verdicts: readonly Verdict[];
  readonly secondLook: SecondLook | null;
};

export type Expected = {
  /** The files that have to be there; null where they are not known, since the tool did not write the Dockerfile. */
  readonly layout: Layout | null;
  readonly cases: readonly Case[];
  /** What lies under it; null for all but a runtime delta. */
  readonly runtime: OtherImage | null;
  /** How the app behaved on the full root file system; null where only the workload's expectations count. */
  readonly baseline: readonly Observation[] | null;
  /** Builds again the stages that the result is copied from; called only where a file has another content. */
  readonly stages?: () => Promise<BuiltImage[]>;
};

/** A rebuilt image has the files that were laid out, and the app does not behave on them. */
export class Misbehaviour extends UserError {
  constructor(message: string, detail: string) {
    super('verify-failed', message, { detail });
  }
}

/** How many differences a message shows. */
const SHOWN = 10;

/**
 * Requires that a built image has the laid-out files, and that the app behaves on them as on the baseline.
 * @throws UserError `verify-failed`; where the app does not behave, a `Misbehaviour`.
 */
export async function compareBuilt(
  workshop: Workshop,
  built: BuiltSubject,
  expected: Expected,
): Promise<Rebuilt> {
  const { layout, cases, baseline, runtime } = expected;
  const tools = { ...workshop, looks: hasLooked(baseline) };
  const [rootfs, seen] = await both(built.view(), observeAll(tools, cases, built));
  const differences = layout === null ? [] : await differencesOf(rootfs, layout, expected.stages);
  if (differences.length > 0) {
    throw new UserError('verify-failed', `the rebuilt image differs from the plan: ${differences[0]}`, {
      detail: differences.slice(0, SHOWN).join('\n'),
    });
  }
  const verdicts = judgeAll(cases, seen, baseline);
  workshop.learn(describeCases(cases, verdicts));
  for (const [at, { fault }] of verdicts.entries()) {
    if (fault === null) continue;
    const message = `${cases[at]?.launch.kraftfile} does not behave as expected: ${fault.message}`;
    throw new Misbehaviour(message, fault.detail);
  }
  const secondLook = secondLookOf(cases, seen, baseline);
  return { after: rootfs.size(), memory: memoryOf(rootfs, runtime?.rootfs), verdicts, secondLook };
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
