import type { CopiedPath } from '../dockerfile/copied-paths.ts';
import { type MarkerFields, readMarker } from '../dockerfile/marker.ts';
import { type Dockerfile, finalStage } from '../dockerfile/model.ts';
import { targetName } from '../dockerfile/stages-used.ts';
import type { Size } from '../image/rootfs.ts';
import { type Pruning, withCopiedDirectories } from '../plan/copied-directories.ts';
import { type Arrival, assembleLayout, type Layout, withExactDirectories } from '../plan/layout.ts';
import { withLinks, writesThroughLinks } from '../plan/linked-arrivals.ts';
import { canRemove } from '../plan/staging-tools.ts';
import { withWholeDirectories } from '../plan/whole-directories.ts';
import { isNamed } from '../render/pruned-stages.ts';
import { needsStaging } from '../render/render-dockerfile.ts';
import { disposeAll } from '../shared/dispose-all.ts';
import { matches } from '../shared/glob.ts';
import type { ImagePath } from '../shared/image-path.ts';
import type { Verdict } from '../workload/judge.ts';
import type { Baseline } from './case.ts';
import { type Donors, donorKey } from './donors.ts';
import type { SecondLook } from './look-verdict.ts';
import { neededEnv } from './needed-env.ts';
import type { BaselineRequest, OpenedBaseline } from './open-baseline.ts';
import { compareBuilt } from './rebuild.ts';
import { renderResult } from './render-result.ts';
import type { Result } from './result.ts';
import { listChanges, stagingOf } from './root-list.ts';
import { subjectOf } from './subject.ts';
import { type BuiltImage, buildRendered, type Workshop } from './workshop.ts';
import type { FileChange } from './write.ts';

export type Finished = {
  readonly layout: Layout;
  readonly after: Size;
  readonly memory: NonNullable<Result['memory']>;
  readonly verdicts: readonly Verdict[];
  readonly secondLook: SecondLook | null;
  /** The Dockerfile's text. */
  readonly text: string;
  /** What changes beside the Dockerfile. */
  readonly listed: readonly FileChange[];
};

export type FinishRequest = BaselineRequest & {
  readonly opened: OpenedBaseline;
  /** The cases that can be compared, and how they behaved. */
  readonly compared: Baseline;
  readonly arrivals: readonly Arrival[];
  /** What the COPY lines of a stage made by hand have copied; null for any other stage. */
  readonly copied: ReadonlyMap<ImagePath, CopiedPath> | null;
  readonly minimal: MarkerFields['minimal'];
  readonly promise: MarkerFields['promise'];
  /** A stage assembles the root, so that links stay links. */
  readonly linked?: true;
};

/**
 * Renders what was found, rebuilds it, and requires that it is as laid out and behaves like the baseline.
 * @throws UserError `verify-failed`; where the app does not behave, a `Misbehaviour`.
 */
export async function finish(workshop: Workshop, request: FinishRequest): Promise<Finished> {
  const { stopwatch, on, unit, warn } = workshop;
  const { dockerfile, stage, opened, compared, arrivals, minimal, promise } = request;
  const { rootfs, donors, others, subject, image } = opened;
  const { layout, prunings } =
    donors === null
      ? { layout: await layoutBelow(workshop, request, arrivals), prunings: [] }
      : await layoutInPlace(workshop, request, donors);
  for (const path of layout.left) {
    warn({ code: 'path-left-out', message: `${path} is not a file that a COPY line can copy` });
  }
  const unitCases = compared.cases.filter(({ composition }) => composition.kind !== 'under');
  const platforms = unitCases.map(({ platform }) => platform);
  const env = neededEnv(platforms, image);
  const result = { dockerfile, full: stage, rootfs, layout, donors, prunings, env, minimal, promise };
  const { text, list } = await renderResult(workshop, result);
  const listed = await listChanges(unit, list);
  on({ type: 'step', entry: unit.name, step: 'verify', detail: 'rebuilding, and running the result' });
  const found = await stopwatch.time('verify', async () => {
    await using built = await buildRendered(workshop, { text, changes: listed });
    const stages = () => rebuiltStages(workshop, { text, list, changes: listed, dockerfile, donors });
    const expected = { ...compared, layout, runtime: others.runtime, stages };
    return await compareBuilt(workshop, subjectOf(built, subject.clients), expected);
  });
  return { ...found, layout, text, listed };
}

/**
 * The layout of a new stage: in COPY lines where these are few, else assembled by a stage, in which links stay
 * links. Over a runtime they do not, since the runtime may have a directory in the place of a link.
 */
export async function layoutBelow(
  workshop: Workshop,
  { dockerfile, opened, linked: isLinked }: Pick<FinishRequest, 'dockerfile' | 'opened' | 'linked'>,
  arrivals: readonly Arrival[],
): Promise<Layout> {
  const { rootfs, others } = opened;
  const whole = wholeIn(workshop, opened, arrivals);
  const layout = assembleLayout(rootfs, whole);
  const isStaged =
    isLinked === true || needsStaging(layout, dockerfile.escapeToken) || writesThroughLinks(rootfs, arrivals);
  if (!isStaged || others.runtime !== null) return layout;
  const staging = await stagingOf(workshop.unit, rootfs);
  if (staging.kind === 'impossible') return layout;
  const linked = withLinks(rootfs, whole);
  const isExact = arrivals.some(({ exact }) => exact);
  return assembleLayout(rootfs, isExact ? withExactDirectories(rootfs, linked) : linked);
}

/** The layout of a stage that is rewritten in place, with its author's directories where they cost nothing. */
async function layoutInPlace(
  { config }: Workshop,
  { dockerfile, stage, opened, arrivals, copied }: FinishRequest,
  donors: Donors,
): Promise<{ readonly layout: Layout; readonly prunings: readonly Pruning[] }> {
  const { rootfs, others } = opened;
  if (copied === null || stage !== finalStage(dockerfile))
    return { layout: assembleLayout(rootfs, arrivals), prunings: [] };
  const able = new Set<string>();
  for (const { name, config: image, rootfs: take } of donors.all)
    if (['', '0', 'root'].includes(image.user) && canRemove(await take())) able.add(name);
  const found = withCopiedDirectories(rootfs, arrivals, {
    copied,
    isDropped: (path) => config.drop.some((glob) => matches(glob, path)),
    isTaken: (path) => others.runtime?.rootfs.lookup(path) !== undefined,
    canPrune: (instruction) =>
      instruction.from !== null && isNamed(dockerfile, instruction) && able.has(donorKey(instruction.from)),
  });
  return { layout: assembleLayout(rootfs, found.arrivals), prunings: found.prunings };
}

/**
 * What arrives, in whole directories where all of one arrives; a stage of COPY lines by hand keeps its author's lines
 * instead.
 */
function wholeIn(
  { config }: Workshop,
  { rootfs, others }: OpenedBaseline,
  arrivals: readonly Arrival[],
): readonly Arrival[] {
  return withWholeDirectories(rootfs, arrivals, {
    isDropped: (path) => config.drop.some((glob) => matches(glob, path)),
    isTaken: (path) => others.runtime?.rootfs.lookup(path) !== undefined,
  });
}

/** What the result is copied from, built with the result: the stage below a new stage, else those of the donors. */
async function rebuiltStages(
  workshop: Workshop,
  {
    text,
    list,
    changes,
    dockerfile,
    donors,
  }: {
    text: string;
    list: string | null;
    changes: readonly FileChange[];
    dockerfile: Dockerfile;
    donors: Donors | null;
  },
): Promise<BuiltImage[]> {
  const full = readMarker(text, list)?.fields?.before ?? null;
  const stages = (donors?.all ?? []).flatMap(({ from }) =>
    from.kind === 'stage' ? [targetName(dockerfile, from.stageIndex)] : [],
  );
  const built: BuiltImage[] = [];
  try {
    for (const target of full === null ? stages : [full])
      if (target !== null) built.push(await buildRendered(workshop, { text, changes, target }));
  } catch (error) {
    await disposeAll(built);
    throw error;
  }
  return built;
}
