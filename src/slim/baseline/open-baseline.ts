import { expandStage } from '../../dockerfile/expand-stage.ts';
import type { Dockerfile, Stage } from '../../dockerfile/model.ts';
import type { ImageConfig } from '../../engine/engine.ts';
import type { Rootfs } from '../../image/rootfs.ts';
import { both } from '../../shared/both.ts';
import { disposeAll } from '../../shared/dispose-all.ts';
import { UserError } from '../../shared/failure.ts';
import { type BuiltImage, buildUnit } from '../built-image.ts';
import type { Reporter } from '../reporter.ts';
import type { Task } from '../task.ts';
import type { Tools } from '../tools.ts';
import type { Baseline } from './case.ts';
import { casesOf } from './cases-of.ts';
import { type ClientImages, clientImages } from './client-images.ts';
import { type Donors, openDonors } from './donors.ts';
import { type DeadSource, deadSources, driftedStage, type StageOf } from './drift.ts';
import { judgeAll } from './judge-cases.ts';
import { type OtherImages, openOthers } from './other-image.ts';
import { observeAll } from './run-case.ts';
import { settleCases } from './settle-cases.ts';
import { type BuiltSubject, subjectOf } from './subject.ts';

/** The full root file system of a unit, and how its apps behave on it. */
export type OpenedBaseline = AsyncDisposable & {
  /** The configuration that the result's image would have, were it not from scratch. */
  readonly image: ImageConfig;
  readonly rootfs: Rootfs;
  /** The stage that holds that file system: the stage of the request; where that has drifted, the same over a donor. */
  readonly builtBy: StageOf;
  /**
   * What the stage copies from, where it is made of COPY lines by hand; else null. Where the stage has drifted, the
   * Dockerfile of `builtBy` builds these again: there a stage that copies the context has another Dockerfile in it,
   * and RUN lines below may make other files.
   */
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
  readonly task: Task;
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
export async function openBaseline(
  tools: Tools,
  reporter: Reporter,
  request: BaselineRequest,
): Promise<OpenedBaseline> {
  const opened: AsyncDisposable[] = [];
  const keep = <T extends AsyncDisposable>(resource: T): T => {
    opened.push(resource);
    return resource;
  };
  const dispose = async () => await disposeAll(opened);
  try {
    const parts = await openParts(tools, reporter, { request, keep });
    const found = await baselineOf(parts, { tools, reporter, request });
    return { ...found, others: parts.others, [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

/** What a baseline is chosen from. */
type Parts = {
  /** The image of the Dockerfile, or why it cannot be built where a donor can take its place. */
  readonly full: FullImage;
  readonly donors: Donors | null;
  readonly others: OtherImages;
  /** Builds a text in place of the Dockerfile, up to the stage of the settings. */
  readonly build: (text: string) => Promise<BuiltImage>;
  /** Opens what the stage copies from as another Dockerfile with the same stages builds it. */
  readonly donorsBy: (dockerfile: Dockerfile) => Promise<Donors>;
  readonly images: ClientImages;
};

type FullImage =
  | { readonly kind: 'built'; readonly built: BuiltImage }
  | { readonly kind: 'failed'; readonly failure: UserError };

type Keep = <T extends AsyncDisposable>(resource: T) => T;

async function openParts(
  tools: Tools,
  reporter: Reporter,
  { request, keep }: { readonly request: BaselineRequest; readonly keep: Keep },
): Promise<Parts> {
  const { task, text, dockerfile, stage } = request;
  const timed = <T extends AsyncDisposable>(open: () => Promise<T>) =>
    reporter.time('build', async () => keep(await open()));
  const build = (other: string) =>
    timed(() => buildUnit(tools, reporter, { task, text: other, target: task.config.build.target }));
  const isHandMade = stage.from.kind === 'scratch';
  const full = isHandMade
    ? await builtOrFailed(build(text))
    : { kind: 'built' as const, built: await build(text) };
  const donorsBy = (other: Dockerfile) =>
    timed(() => openDonors(tools, reporter, { task, dockerfile: other, stage }));
  const donors = isHandMade ? await donorsBy(dockerfile) : null;
  const others = await timed(() => openOthers(tools, reporter, { task, withDependents: true }));
  const runtime = others.runtime?.unit ?? null;
  const images = keep(clientImages(tools, reporter, { task, dockerfile, stage, donors, runtime }));
  return { full, donors, others, build, donorsBy, images };
}

/** An image, or that its Dockerfile does not build; every other failure is thrown. */
async function builtOrFailed(building: Promise<BuiltImage>): Promise<FullImage> {
  try {
    return { kind: 'built', built: await building };
  } catch (error) {
    if (error instanceof UserError && error.code === 'build-failed')
      return { kind: 'failed', failure: error };
    throw error;
  }
}

type Observed = Pick<OpenedBaseline, 'image' | 'rootfs' | 'subject' | 'started'>;
type Chosen = Observed & Pick<OpenedBaseline, 'builtBy' | 'donors' | 'isDrifted'>;

/** The image of the Dockerfile with how its apps behave on it, or a donor in its place where that image has drifted. */
async function baselineOf(
  { full, donors, others, build, donorsBy, images }: Parts,
  work: { readonly tools: Tools; readonly reporter: Reporter; readonly request: BaselineRequest },
): Promise<Chosen> {
  const { tools, reporter, request } = work;
  const { dockerfile, stage } = request;
  const clients = donors?.all[0]?.config.id;
  const observe = (built: BuiltImage, image: ImageConfig) =>
    observeOn(tools, reporter, { request, built, image, others, clients, images });
  const overDonor = async (dead: readonly DeadSource[], donor: Donors['all'][number]) => {
    const builtBy = driftedStage({ dockerfile, stage }, { donor, dead });
    const built = await build(builtBy.dockerfile.text);
    const environment = [...expandStage(dockerfile, stage).environment];
    const image = { ...built.config, env: environment.map(([name, value]) => `${name}=${value}`) };
    return { ...(await observe(built, image)), builtBy };
  };
  const drifted = async (over: Observed & Pick<Chosen, 'builtBy'>) => ({
    ...over,
    donors: await donorsBy(over.builtBy.dockerfile),
    isDrifted: true,
  });

  if (full.kind === 'failed') {
    const dead = donors === null ? [] : deadSources(dockerfile, stage, await donors.trees());
    const [donor] = donors?.all ?? [];
    if (dead.length === 0 || donor === undefined) throw full.failure;
    reporter.warn({ code: 'drifted', message: driftOf(dead) });
    return await drifted(await overDonor(dead, donor));
  }
  const observed = await observe(full.built, full.built.config);
  const found = { ...observed, builtBy: { dockerfile, stage }, donors, isDrifted: false };
  const fault = faultOf(found.started);
  if (fault === null || donors === null) return found;
  for (const donor of donors.all) {
    const over = await overDonor([], donor);
    if (faultOf(over.started) !== null) continue;
    reporter.warn({
      code: 'drifted',
      message: `the final stage of the Dockerfile does not work (${fault}), but what it copies from does`,
    });
    return await drifted(over);
  }
  return found;
}

type ToObserve = {
  readonly request: BaselineRequest;
  readonly built: BuiltImage;
  readonly image: ImageConfig;
  readonly others: OtherImages;
  readonly clients: ImageConfig['id'] | undefined;
  readonly images: ClientImages;
};

async function observeOn(
  tools: Tools,
  reporter: Reporter,
  { request: { task, looks }, built, image, others, clients, images }: ToObserve,
): Promise<Observed> {
  const subject = subjectOf(built, clients);
  const described = await reporter.time('baseline', () =>
    casesOf(tools, reporter, { task, image, subject, others }),
  );
  reporter.learn({ launches: described.map(({ launch }) => launch) });
  reporter.step('baseline', 'running the app on the full root file system, and reading that file system');
  const [rootfs, seen] = await reporter.time('baseline', () =>
    both(built.rootfs(), observeAll(tools, described, { subject, looks })),
  );
  const first = { cases: described, baseline: seen, subject, looks, findClient: images.find };
  const started = await reporter.time('baseline', () => settleCases(tools, reporter, first));
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
