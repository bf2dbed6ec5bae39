import { readMarker } from '../dockerfile/marker.ts';
import { finalStage } from '../dockerfile/model.ts';
import { parseDockerfile } from '../dockerfile/parse-dockerfile.ts';
import { targetStage } from '../dockerfile/stages-used.ts';
import type { Size } from '../image/rootfs.ts';
import type { Layout } from '../plan/layout.ts';
import { layoutOfStage } from '../plan/layout-of-stage.ts';
import type { ImagePath } from '../shared/image-path.ts';
import type { Observation } from '../workload/run-launch.ts';
import { type Case, casesOf, insist, judgeAll, observeAll } from './case.ts';
import { contextNeeds } from './context-needs.ts';
import { withoutDropped } from './given-needs.ts';
import { compareBuilt, type Rebuilt } from './rebuild.ts';
import { both, buildUnit, type Workshop } from './workshop.ts';

export type VerifiedUnit = Rebuilt & {
  readonly cases: readonly Case[];
  /** The size of the full root file system; null for an entry that the tool never slimmed. */
  readonly before: Size | null;
  /** Files that the author has put in from the build context since, and that the result lacks. */
  readonly missingContext: readonly ImagePath[];
};

type Baseline = Pick<VerifiedUnit, 'before' | 'missingContext'> & {
  readonly layout: Layout | null;
  readonly observations: readonly Observation[] | null;
};

/** An entry that the tool never slimmed: its README's expectations alone count. */
const NO_BASELINE: Baseline = { before: null, missingContext: [], layout: null, observations: null };

/**
 * Rebuilds what is on disk and runs its workload. Where the tool wrote the final stage, the stage that it copies
 * from is the baseline, and the files have to be those of its COPY lines.
 * @throws UserError `verify-failed`, or what stands in the way of a baseline.
 */
export async function verifyUnit(workshop: Workshop, text: string): Promise<VerifiedUnit> {
  const { unit, stopwatch, on } = workshop;
  on({ type: 'step', entry: unit.name, step: 'build', detail: 'building what is on disk' });
  await using built = await stopwatch.time('build', () => buildUnit(workshop, text));
  const cases = await casesOf(workshop, built.config);
  const stage = readMarker(text)?.fields?.before ?? null;
  const { before, missingContext, layout, observations } =
    stage === null ? NO_BASELINE : await observeBaseline(workshop, { text, stage, cases });
  on({ type: 'step', entry: unit.name, step: 'verify', detail: 'running the result' });
  const rebuilt = await stopwatch.time('verify', () =>
    compareBuilt(workshop, built, { layout, cases, baseline: observations }),
  );
  return { ...rebuilt, cases, before, missingContext };
}

async function observeBaseline(
  workshop: Workshop,
  { text, stage, cases }: { text: string; stage: string; cases: readonly Case[] },
): Promise<Baseline> {
  const { config, unit, stopwatch, on } = workshop;
  const dockerfile = parseDockerfile(text, { file: unit.dockerfile, buildArgs: config.build.args });
  await using full = await stopwatch.time('build', () => buildUnit(workshop, text, stage));
  on({
    type: 'step',
    entry: unit.name,
    step: 'baseline',
    detail: 'running the app on the full root file system, and taking it',
  });
  const [rootfs, observations] = await stopwatch.time('baseline', () =>
    both(full.rootfs(), observeAll(workshop, cases, { image: full.config.id })),
  );
  const layout = layoutOfStage(dockerfile, finalStage(dockerfile), rootfs);
  const fullStage = targetStage(dockerfile, stage) ?? finalStage(dockerfile);
  const given = withoutDropped(
    await contextNeeds(workshop, { dockerfile, full: fullStage, rootfs }),
    config.drop,
  );
  const there = new Set(layout.entries.map(({ path }) => path));
  insist(cases, judgeAll(cases, observations, null));
  const missingContext = given.map(({ path }) => path).filter((path) => !there.has(path));
  return { before: rootfs.size(), missingContext, layout, observations };
}
