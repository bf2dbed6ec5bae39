import type { Need } from '../../analysis/need.ts';
import { finalStage } from '../../dockerfile/model.ts';
import type { Rootfs, Size } from '../../image/rootfs.ts';
import { type Layout, layOut } from '../../plan/layout.ts';
import { layoutOfStage } from '../../plan/layout-of-stage.ts';
import { planSlim } from '../../plan/plan.ts';
import { both } from '../../shared/both.ts';
import { matches } from '../../shared/glob.ts';
import type { ImagePath } from '../../shared/image-path.ts';
import type { Observation } from '../../workload/run-launch.ts';
import type { Case } from '../baseline/case.ts';
import { insist } from '../baseline/judge-cases.ts';
import { observeAll } from '../baseline/run-case.ts';
import { settleBaseline } from '../baseline/settle-baseline.ts';
import { settleCases } from '../baseline/settle-cases.ts';
import { subjectOf } from '../baseline/subject.ts';
import { contextNeeds } from '../find/context-needs.ts';
import { askedNeeds, withoutDropped } from '../find/given-needs.ts';
import type { Expected } from '../finish/compare-built.ts';
import type { Reporter, WarningListener } from '../reporter.ts';
import type { Tools } from '../tools.ts';
import type { OpenedWritten } from './open-written.ts';

/** What a result on disk has to equal. */
export type WrittenBaseline = {
  readonly cases: readonly Case[];
  /** The size of the full root file system; null where there is none. */
  readonly before: Size | null;
  /** What has to be in the image by now, and is not. */
  readonly missing: readonly ImagePath[];
  /** What is in the image, and `drop` names by now. */
  readonly unwanted: readonly ImagePath[];
  readonly layout: Layout | null;
  readonly observations: readonly Observation[] | null;
};

/** The baseline of what is on disk: the full root file system, where the tool wrote a stage below it; else none. */
export async function writtenBaseline(
  tools: Tools,
  reporter: Reporter,
  opened: OpenedWritten,
): Promise<WrittenBaseline> {
  const { task, dockerfile, list, full, images } = opened;
  if (full === null) {
    const { cases } = opened;
    return { cases, before: null, missing: [], unwanted: [], layout: null, observations: null };
  }
  reporter.step('baseline', 'running the app on the full root file system, and reading that file system');
  const subject = subjectOf(full.built);
  const [rootfs, seen] = await reporter.time('baseline', () =>
    both(full.built.rootfs(), observeAll(tools, opened.cases, { subject })),
  );
  reporter.learn({ before: rootfs.size() });
  const first = { cases: opened.cases, baseline: seen, subject, looks: false, findClient: images.find };
  const started = await reporter.time('baseline', () => settleCases(tools, reporter, first));
  insist(reporter, started, { image: full.built.config, rootfs });
  const layout = layoutOfStage(dockerfile, finalStage(dockerfile), { full: rootfs, list });
  const there = new Set(layout.entries.map(({ path }) => path));
  const given = await givenNow(tools, reporter, { opened, rootfs, full });
  const wanted = layOut(rootfs, planSlim(rootfs, given)).entries.map(({ path }) => path);
  return {
    cases: started.cases,
    before: rootfs.size(),
    missing: wanted.filter((path) => !there.has(path)),
    unwanted: namedBy(task.config.drop, [...there]),
    layout,
    observations: started.baseline,
  };
}

/** What the author and the user give by now: the build context, and `keep` less `drop`. */
async function givenNow(
  { engine }: Tools,
  reporter: WarningListener,
  {
    opened,
    rootfs,
    full,
  }: { opened: OpenedWritten; rootfs: Rootfs; full: NonNullable<OpenedWritten['full']> },
): Promise<Need[]> {
  const { task, dockerfile } = opened;
  const { keep, drop } = task.config;
  const image = full.built.config;
  const context = { unit: task.unit, dockerfile, full: full.stage, image, rootfs };
  const fromContext = await contextNeeds(engine, reporter, context);
  return withoutDropped([...fromContext, ...askedNeeds(rootfs, keep)], { rootfs, drop });
}

/** Of paths those that a glob names. */
export function namedBy(globs: readonly string[], paths: readonly ImagePath[]): ImagePath[] {
  return paths.filter((path) => globs.some((glob) => matches(glob, path)));
}

/**
 * What a result has to equal after another run: a difference from a baseline that differs from itself means nothing,
 * and without a baseline a client that the image lacks may be in another image. Null where the run changes nothing.
 * @throws UserError `baseline-unstable`.
 */
export async function settledExpectation(
  tools: Tools,
  reporter: Reporter,
  {
    opened: { full, images },
    baseline: { cases, observations },
    expected: { built: subject },
  }: { opened: OpenedWritten; baseline: WrittenBaseline; expected: Expected },
): Promise<Partial<Expected> | null> {
  if (full === null || observations === null) {
    const baseline = await observeAll(tools, cases, { subject });
    const first = { cases, baseline, subject, looks: false, findClient: images.find };
    const settled = await settleCases(tools, reporter, first);
    const isSame = settled.cases.every(({ workload }) => cases.some((known) => known.workload === workload));
    return isSame ? null : { cases: settled.cases };
  }
  const run = { subject: subjectOf(full.built) };
  const again = await observeAll(tools, cases, run);
  const settled: Observation[] = [];
  for (const [at, current] of cases.entries()) {
    const baseline = observations[at] as Observation;
    const seen = again[at] as Observation;
    settled.push((await settleBaseline(tools, reporter, { current, seen, baseline, run })) ?? baseline);
  }
  return settled.every((seen, at) => seen === observations[at]) ? null : { baseline: settled };
}
