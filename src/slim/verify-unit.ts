import { readMarker } from '../dockerfile/marker.ts';
import { finalStage } from '../dockerfile/model.ts';
import { parseDockerfile } from '../dockerfile/parse-dockerfile.ts';
import { targetStage } from '../dockerfile/stages-used.ts';
import type { Size } from '../image/rootfs.ts';
import { type Layout, layOut } from '../plan/layout.ts';
import { layoutOfStage } from '../plan/layout-of-stage.ts';
import { planSlim } from '../plan/plan.ts';
import { matches } from '../shared/glob.ts';
import type { ImagePath } from '../shared/image-path.ts';
import type { Observation } from '../workload/run-launch.ts';
import { type Case, casesOf, insist, judgeAll, observeAll } from './case.ts';
import { contextNeeds } from './context-needs.ts';
import { askedNeeds, withoutDropped } from './given-needs.ts';
import { compareBuilt, type Rebuilt } from './rebuild.ts';
import { both, buildUnit, type Workshop } from './workshop.ts';

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

type Baseline = Pick<VerifiedUnit, 'before' | 'missing' | 'unwanted'> & {
  readonly layout: Layout | null;
  readonly observations: readonly Observation[] | null;
};

/** An entry that the tool never slimmed: its README's expectations alone count. */
const NO_BASELINE: Baseline = { before: null, missing: [], unwanted: [], layout: null, observations: null };

/**
 * Rebuilds what is on disk and runs its workload. Where the tool wrote the final stage, the stage that it copies
 * from is the baseline, and the files have to be those of its COPY lines, unless someone has edited these.
 * @throws UserError `verify-failed`, or what stands in the way of a baseline.
 */
export async function verifyUnit(workshop: Workshop, text: string): Promise<VerifiedUnit> {
  const { unit, config, stopwatch, on } = workshop;
  const marker = readMarker(text);
  const target = marker === null ? config.build.target : undefined;
  on({ type: 'step', entry: unit.name, step: 'build', detail: 'building what is on disk' });
  await using built = await stopwatch.time('build', () => buildUnit(workshop, text, target));
  const cases = await casesOf(workshop, built.config);
  const stage = marker?.fields?.before ?? null;
  const { layout, observations, ...rest } =
    stage === null ? NO_BASELINE : await observeBaseline(workshop, { text, stage, cases });
  on({ type: 'step', entry: unit.name, step: 'verify', detail: 'running the result' });
  const expected = { layout: marker?.intact ? layout : null, cases, baseline: observations };
  const rebuilt = await stopwatch.time('verify', () => compareBuilt(workshop, built, expected));
  return { ...rebuilt, ...rest, cases, verified: expected.layout !== null };
}

async function observeBaseline(
  workshop: Workshop,
  { text, stage, cases }: { text: string; stage: string; cases: readonly Case[] },
): Promise<Baseline> {
  const { config, unit, stopwatch, on } = workshop;
  const dockerfile = parseDockerfile(text, { file: unit.dockerfile, buildArgs: config.build.args });
  await using full = await stopwatch.time('build', () => buildUnit(workshop, text, stage));
  const detail = 'running the app on the full root file system, and taking it';
  on({ type: 'step', entry: unit.name, step: 'baseline', detail });
  const [rootfs, observations] = await stopwatch.time('baseline', () =>
    both(full.rootfs(), observeAll(workshop, cases, { image: full.config.id })),
  );
  workshop.learn({ before: rootfs.size() });
  insist(workshop, cases, judgeAll(cases, observations, null));
  const layout = layoutOfStage(dockerfile, finalStage(dockerfile), rootfs);
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
    before: rootfs.size(),
    missing: wanted.filter((path) => !there.has(path)),
    unwanted: [...there].filter((path) => config.drop.some((glob) => matches(glob, path))),
    layout,
    observations,
  };
}
