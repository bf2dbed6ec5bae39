import { expandStage } from '../../dockerfile/expand-stage.ts';
import type { Dockerfile, Stage } from '../../dockerfile/model.ts';
import type { ImageConfig } from '../../engine/engine.ts';
import type { Rootfs } from '../../image/rootfs.ts';
import { disposeAll } from '../../shared/dispose-all.ts';
import { UserError } from '../../shared/failure.ts';
import { type BuiltImage, both, buildUnit, type Workshop } from '../workshop.ts';
import { type Baseline, judgeAll, observeAll, type RunTools } from './case.ts';
import { casesOf } from './cases-of.ts';
import { type ClientImages, clientImages } from './client-images.ts';
import { type Donors, openDonors } from './donors.ts';
import { type DeadSource, deadSources, driftedDockerfile } from './drift.ts';
import { type OtherImages, openOthers } from './other-image.ts';
import { settleCases } from './settle-cases.ts';
import { type BuiltSubject, subjectOf } from './subject.ts';

/** The full root file system of a unit, and how its apps behave on it. */
export type OpenedBaseline = AsyncDisposable & {
  /** The configuration that the result's image would have, were it not from scratch. */
  readonly image: ImageConfig;
  readonly rootfs: Rootfs;
  /** What the stage copies from, where it is made of COPY lines by hand; else null. */
  readonly donors: Donors | null;
  readonly others: OtherImages;
  readonly subject: BuiltSubject;
  readonly started: Baseline;
  /**
   * Whether the Dockerfile's own result cannot be built or does not work: then a donor with its lines over it is the
   * baseline.
   */
  readonly isDrifted: boolean;
};

export type BaselineRequest = {
  /** What is built: the Dockerfile as it is. */
  readonly text: string;
  /** The same to read origins from: unfolded where the tool has written it with a root list. */
  readonly dockerfile: Dockerfile;
  /** The stage that is slimmed. */
  readonly stage: Stage;
  /** Whether the apps get a second look. */
  readonly looks: boolean;
};

/**
 * Builds the baseline of a unit, and records how its apps behave on it. Normally that is the image of the Dockerfile.
 * If a stage made by hand has drifted from upstream, since a source of its COPY lines is gone or the app lacks
 * something, it is a donor overlaid with all that could be copied.
 */
export async function openBaseline(workshop: Workshop, request: BaselineRequest): Promise<OpenedBaseline> {
  const opened: AsyncDisposable[] = [];
  const keep = <T extends AsyncDisposable>(resource: T): T => {
    opened.push(resource);
    return resource;
  };
  const dispose = async () => await disposeAll(opened);
  try {
    return { ...(await open(workshop, request, keep)), [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

type Keep = <T extends AsyncDisposable>(resource: T) => T;

async function open(
  workshop: Workshop,
  { text: original, dockerfile, stage, looks }: BaselineRequest,
  keep: Keep,
): Promise<Omit<OpenedBaseline, typeof Symbol.asyncDispose>> {
  const { stopwatch, config, warn } = workshop;
  const build = (text: string, target?: string) =>
    stopwatch.time('build', async () => keep(await buildUnit(workshop, text, target)));
  const isHandMade = stage.from.kind === 'scratch';
  const full = await build(original, config.build.target).catch((error: unknown) => {
    if (isHandMade && error instanceof UserError && error.code === 'build-failed') return error;
    throw error;
  });
  const donors = isHandMade
    ? await stopwatch.time('build', async () => keep(await openDonors(workshop, { dockerfile, stage })))
    : null;
  const others = await stopwatch.time('build', async () =>
    keep(await openOthers(workshop, { withDependents: true })),
  );
  const runtime = others.runtime?.unit ?? null;
  const images = keep(clientImages(workshop, { dockerfile, stage, donors, runtime }));
  const observe = (built: BuiltImage, image: ImageConfig) =>
    observeOn({ ...workshop, looks }, { built, image, others, clients: donors?.all[0]?.config.id, images });
  const overDonor = async (dead: readonly DeadSource[], donor: Donors['all'][number]) => {
    const text = driftedDockerfile(dockerfile, stage, { donor, dead });
    const built = await build(text, config.build.target);
    const environment = [...expandStage(dockerfile, stage).environment];
    const image = { ...built.config, env: environment.map(([name, value]) => `${name}=${value}`) };
    return { ...(await observe(built, image)), donors, others, isDrifted: true };
  };

  if (full instanceof UserError) {
    const dead = donors === null ? [] : deadSources(dockerfile, stage, await donors.trees());
    const [donor] = donors?.all ?? [];
    if (dead.length === 0 || donor === undefined) throw full;
    warn({ code: 'drifted', message: driftOf(dead) });
    return await overDonor(dead, donor);
  }
  const found = { ...(await observe(full, full.config)), donors, others, isDrifted: false };
  const fault = faultOf(found.started);
  if (fault === null || donors === null) return found;
  for (const donor of donors.all) {
    const drifted = await overDonor([], donor);
    if (faultOf(drifted.started) !== null) continue;
    warn({
      code: 'drifted',
      message: `the image of the Dockerfile does not work (${fault}), but its donor does`,
    });
    return drifted;
  }
  return found;
}

type Observed = {
  readonly built: BuiltImage;
  readonly image: ImageConfig;
  readonly others: OtherImages;
  readonly clients: ImageConfig['id'] | undefined;
  readonly images: ClientImages;
};

async function observeOn(
  workshop: Workshop & Pick<RunTools, 'looks'>,
  { built, image, others, clients, images }: Observed,
): Promise<Pick<OpenedBaseline, 'image' | 'rootfs' | 'subject' | 'started'>> {
  const { stopwatch, learn, on, unit } = workshop;
  const subject = subjectOf(built, clients);
  const described = await stopwatch.time('baseline', () => casesOf(workshop, { image, subject, others }));
  learn({ launches: described.map(({ launch }) => launch) });
  const detail = 'running the app on the full root file system, and reading that file system';
  on({ type: 'step', entry: unit.name, step: 'baseline', detail });
  const [rootfs, seen] = await stopwatch.time('baseline', () =>
    both(built.rootfs(), observeAll(workshop, described, subject)),
  );
  const started = await stopwatch.time('baseline', () =>
    settleCases(workshop, { cases: described, baseline: seen }, { subject, images }),
  );
  return { image, rootfs, subject, started };
}

function faultOf({ cases, baseline }: Baseline): string | null {
  return judgeAll(cases, baseline, null).find(({ fault }) => fault !== null)?.fault?.message ?? null;
}

function driftOf(dead: readonly DeadSource[]): string {
  const [{ instruction, source }] = dead as [DeadSource];
  const word = instruction.sources[source]?.text;
  const more = dead.length === 1 ? '' : `, and ${dead.length - 1} more`;
  return `${word} on line ${instruction.lines.first} is not in ${instruction.from?.raw} any more${more}`;
}
