import { copiedPaths } from '../dockerfile/copied-paths.ts';
import { expandStage } from '../dockerfile/expand-stage.ts';
import { readMarker } from '../dockerfile/marker.ts';
import { type Dockerfile, finalStage, type Stage } from '../dockerfile/model.ts';
import { parseDockerfile } from '../dockerfile/parse-dockerfile.ts';
import { targetStage } from '../dockerfile/stages-used.ts';
import type { Size } from '../image/rootfs.ts';
import { type Layout, layOut } from '../plan/layout.ts';
import { layoutOfStage } from '../plan/layout-of-stage.ts';
import { planSlim } from '../plan/plan.ts';
import { UserError } from '../shared/failure.ts';
import { matches } from '../shared/glob.ts';
import type { ImagePath } from '../shared/image-path.ts';
import type { Observation } from '../workload/run-launch.ts';
import { type Case, insist, observeAll } from './baseline/case.ts';
import { casesOf } from './baseline/cases-of.ts';
import { type ClientImages, clientImages } from './baseline/client-images.ts';
import { type Donors, openDonors } from './baseline/donors.ts';
import { openOthers } from './baseline/other-image.ts';
import { settleBaseline } from './baseline/settle-baseline.ts';
import { settleCases } from './baseline/settle-cases.ts';
import { subjectOf } from './baseline/subject.ts';
import { contextNeeds } from './find/context-needs.ts';
import { askedNeeds, withoutDropped } from './find/given-needs.ts';
import { compareBuilt, type Expected, type Rebuilt } from './finish/rebuild.ts';
import { readUnitList } from './render/root-list.ts';
import { type BuiltImage, both, buildUnit, type Workshop } from './workshop.ts';

export type VerifiedUnit = Rebuilt & {
  readonly cases: readonly Case[];
  /** The size of the full root file system; null for an entry that the tool never slimmed. */
  readonly before: Size | null;
  /** Whether there was a baseline and a layout to equal, and not the workload's expectations alone. */
  readonly verified: boolean;
  /** What the author has put in from the build context since, or asked for by `keep`, and the result lacks. */
  readonly missing: readonly ImagePath[];
  /** What the result has, and `drop` names by now. */
  readonly unwanted: readonly ImagePath[];
};

type Baseline = Pick<VerifiedUnit, 'cases' | 'before' | 'missing' | 'unwanted'> & {
  readonly layout: Layout | null;
  readonly observations: readonly Observation[] | null;
};

/**
 * Rebuilds what is on disk and runs its workload. Where the tool wrote the final stage, the stage that it copies from
 * is the baseline, and the files have to be those of its COPY lines and its root list, unless someone has edited
 * these. An entry that the tool never slimmed has none: its workload's expectations alone count.
 * @throws UserError `verify-failed`, or what stands in the way of a baseline.
 */
export async function verifyUnit(workshop: Workshop, text: string): Promise<VerifiedUnit> {
  const { unit, config, stopwatch, on } = workshop;
  const list = await readUnitList(unit);
  const marker = readMarker(text, list);
  const target = marker === null ? config.build.target : undefined;
  const stage = marker?.fields?.before ?? null;
  on({ type: 'step', entry: unit.name, step: 'build', detail: 'building what is on disk' });
  await using built = await stopwatch.time('build', () => buildUnit(workshop, text, target));
  await using full =
    stage === null ? null : await stopwatch.time('build', () => buildUnit(workshop, text, stage));
  const dockerfile = parseDockerfile(text, { file: unit.dockerfile, buildArgs: config.build.args });
  const final = targetStage(dockerfile, target) ?? finalStage(dockerfile);
  const isHandMade = full === null && final.from.kind === 'scratch';
  await using donors = await stopwatch.time('build', async () =>
    isHandMade ? await openDonors(workshop, { dockerfile, stage: final }) : null,
  );
  const withDependents = full !== null;
  await using others = await stopwatch.time('build', () => openOthers(workshop, { withDependents }));
  const copying = stage === null ? final : (targetStage(dockerfile, stage) ?? final);
  const runtimeOf = others.runtime?.unit ?? null;
  await using images = clientImages(workshop, { dockerfile, stage: copying, donors, runtime: runtimeOf });
  const clients = full?.config.id ?? donors?.all[0]?.config.id;
  const subject = subjectOf(full ?? built, clients);
  const described = await casesOf(workshop, { image: built.config, subject, others });
  const baseline: Baseline =
    full === null || stage === null
      ? { cases: described, before: null, missing: [], unwanted: [], layout: null, observations: null }
      : await observeBaseline(workshop, { text, list, stage, full, cases: described, images });
  on({ type: 'step', entry: unit.name, step: 'verify', detail: 'running the result' });
  const { layout, observations, ...rest } = baseline;
  const { cases } = rest;
  const { runtime } = others;
  const expected = { layout: marker?.intact ? layout : null, cases, runtime, baseline: observations };
  const result = subjectOf(built, clients);
  const compare = async (otherwise: Partial<Expected>) =>
    await stopwatch.time('verify', () => compareBuilt(workshop, result, { ...expected, ...otherwise }));
  const rebuilt = await compare({}).catch(async (error: unknown) => {
    if (full === null || observations === null) {
      const started = { cases, baseline: await observeAll(workshop, cases, result) };
      const settled = await settleCases(workshop, started, { subject: result, images });
      if (settled.cases.every(({ workload }) => cases.some((known) => known.workload === workload)))
        throw error;
      return await compare({ cases: settled.cases });
    }
    const settled = await settleAgain(workshop, { full, cases, observations });
    if (settled.every((seen, at) => seen === observations[at])) throw error;
    return await compare({ baseline: settled });
  });
  if (marker?.intact !== true || donors === null)
    return { ...rebuilt, ...rest, verified: expected.layout !== null };
  await insistOnProvenance({ dockerfile, stage: final, donors, built });
  const paths = [...(await built.rootfs()).entries()].map(([path]) => path);
  return { ...rebuilt, ...rest, verified: true, unwanted: namedBy(config.drop, paths) };
}

/** Of paths those that a glob names. */
function namedBy(globs: readonly string[], paths: readonly ImagePath[]): ImagePath[] {
  return paths.filter((path) => globs.some((glob) => matches(glob, path)));
}

/**
 * The files that a stage rewritten in place was made from are gone. What can be checked: its lines explain each of
 * its files, and the workload's expectations hold.
 * @throws UserError `verify-failed`.
 */
async function insistOnProvenance({
  dockerfile,
  stage,
  donors,
  built,
}: {
  dockerfile: Dockerfile;
  stage: Stage;
  donors: Donors;
  built: BuiltImage;
}): Promise<void> {
  const rootfs = await built.rootfs();
  const { instructions } = expandStage(dockerfile, stage);
  const copied = copiedPaths({ instructions, treeOf: await donors.trees(), built: rootfs });
  for (const [path, { type }] of rootfs.entries()) {
    if (type === 'directory' || copied.has(path)) continue;
    throw new UserError('verify-failed', `no line of the final stage copies ${path} of the rebuilt image`);
  }
}

/**
 * The baseline after another run of it: a difference from a baseline that differs from itself means nothing. See
 * `settleBaseline`.
 * @throws UserError `baseline-unstable`.
 */
async function settleAgain(
  workshop: Workshop,
  {
    full,
    cases,
    observations,
  }: Pick<Full, 'full' | 'cases'> & { readonly observations: readonly Observation[] },
): Promise<Observation[]> {
  const subject = subjectOf(full);
  const again = await observeAll(workshop, cases, subject);
  const settled: Observation[] = [];
  for (const [at, current] of cases.entries()) {
    const baseline = observations[at] as Observation;
    const seen = again[at] as Observation;
    settled.push((await settleBaseline(workshop, current, { seen, baseline, subject })) ?? baseline);
  }
  return settled;
}

type Full = {
  readonly text: string;
  /** The root list beside it. */
  readonly list: string | null;
  readonly stage: string;
  readonly full: BuiltImage;
  readonly cases: readonly Case[];
};

async function observeBaseline(
  workshop: Workshop,
  { text, list, stage, full, cases: described, images }: Full & { readonly images: ClientImages },
): Promise<Baseline> {
  const { config, unit, stopwatch, on } = workshop;
  const dockerfile = parseDockerfile(text, { file: unit.dockerfile, buildArgs: config.build.args });
  const detail = 'running the app on the full root file system, and reading that file system';
  on({ type: 'step', entry: unit.name, step: 'baseline', detail });
  const [rootfs, seen] = await stopwatch.time('baseline', () =>
    both(full.rootfs(), observeAll(workshop, described, subjectOf(full))),
  );
  workshop.learn({ before: rootfs.size() });
  const subject = subjectOf(full);
  const started = await stopwatch.time('baseline', () =>
    settleCases(workshop, { cases: described, baseline: seen }, { subject, images }),
  );
  insist(workshop, started, { image: full.config, rootfs });
  const { cases, baseline: observations } = started;
  const layout = layoutOfStage(dockerfile, finalStage(dockerfile), { full: rootfs, list });
  const fullStage = targetStage(dockerfile, stage) ?? finalStage(dockerfile);
  const fromContext = await contextNeeds(workshop, {
    dockerfile,
    full: fullStage,
    image: full.config,
    rootfs,
  });
  const given = withoutDropped([...fromContext, ...askedNeeds(rootfs, config.keep)], {
    rootfs,
    drop: config.drop,
  });
  const there = new Set(layout.entries.map(({ path }) => path));
  const wanted = layOut(rootfs, planSlim(rootfs, given)).entries.map(({ path }) => path);
  return {
    cases,
    before: rootfs.size(),
    missing: wanted.filter((path) => !there.has(path)),
    unwanted: namedBy(config.drop, [...there]),
    layout,
    observations,
  };
}
