import type { CopiedPath } from '../dockerfile/copied-paths.ts';
import { type MarkerFields, readMarker } from '../dockerfile/marker.ts';
import { type Dockerfile, finalStage } from '../dockerfile/model.ts';
import { targetName } from '../dockerfile/stages-used.ts';
import type { Size } from '../image/rootfs.ts';
import { type Pruning, withCopiedDirectories } from '../plan/copied-directories.ts';
import { type Arrival, assembleLayout, type Layout, withExactDirectories } from '../plan/layout.ts';
import { copiesMuchTwice, withLinks, writesThroughLinks } from '../plan/linked-arrivals.ts';
import {
  NONE_REMOVED,
  type PrunedDirectories,
  type Removed,
  withPrunedDirectories,
} from '../plan/pruned-directories.ts';
import { canFind, canRemove } from '../plan/staging-tools.ts';
import { withWholeDirectories } from '../plan/whole-directories.ts';
import { isNamed } from '../render/pruned-stages.ts';
import { needsStaging } from '../render/render-dockerfile.ts';
import { hasLinks } from '../render/staged-root.ts';
import { disposeAll } from '../shared/dispose-all.ts';
import { UserError } from '../shared/failure.ts';
import { matches } from '../shared/glob.ts';
import type { ImagePath } from '../shared/image-path.ts';
import type { Verdict } from '../workload/judge.ts';
import type { Baseline } from './case.ts';
import { type Donors, donorKey } from './donors.ts';
import type { SecondLook } from './look-verdict.ts';
import { neededEnv } from './needed-env.ts';
import type { BaselineRequest, OpenedBaseline } from './open-baseline.ts';
import { compareBuilt, Misbehaviour } from './rebuild.ts';
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

/** A layout, and what stages remove so that lines can copy directories of it. */
type LaidOut = {
  readonly layout: Layout;
  /** For lines of a stage made by hand. */
  readonly prunings: readonly Pruning[];
  /** For lines of a new stage. */
  readonly removed: Removed;
};

/**
 * Renders what was found, rebuilds it, and requires that it is as laid out and behaves like the baseline. Where a stage
 * that prunes directories makes something else, for example below a VOLUME, the files come by their names.
 * @throws UserError `verify-failed`; where the app does not behave, a `Misbehaviour`.
 */
export async function finish(workshop: Workshop, request: FinishRequest): Promise<Finished> {
  const { donors } = request.opened;
  const layOut = async (prunes: boolean) =>
    donors === null
      ? await layoutBelow(workshop, request, { prunes })
      : await layoutInPlace(workshop, request, { donors, prunes });
  const laidOut = await layOut(true);
  try {
    return await rebuildAs(workshop, request, laidOut);
  } catch (error) {
    if (laidOut.prunings.length + laidOut.removed.paths.length === 0 || !isOfPruning(error)) throw error;
    return await rebuildAs(workshop, request, await layOut(false));
  }
}

function isOfPruning(error: unknown): boolean {
  if (!(error instanceof UserError) || error instanceof Misbehaviour) return false;
  return error.code === 'verify-failed' || error.code === 'build-failed';
}

async function rebuildAs(
  workshop: Workshop,
  request: FinishRequest,
  { layout, prunings, removed }: LaidOut,
): Promise<Finished> {
  const { stopwatch, on, unit, warn } = workshop;
  const { dockerfile, stage, opened, compared, minimal, promise } = request;
  const { rootfs, donors, others, subject, image } = opened;
  for (const path of layout.left) {
    warn({ code: 'path-left-out', message: `${path} is not a file that a COPY line can copy` });
  }
  const unitCases = compared.cases.filter(({ composition }) => composition.kind !== 'under');
  const platforms = unitCases.map(({ platform }) => platform);
  const env = neededEnv(platforms, image);
  const found = { dockerfile, full: stage, rootfs, layout, donors, prunings, removed };
  const { text, list } = await renderResult(workshop, { ...found, env, minimal, promise });
  const listed = await listChanges(unit, list);
  on({ type: 'step', entry: unit.name, step: 'verify', detail: 'rebuilding, and running the result' });
  const rebuilt = await stopwatch.time('verify', async () => {
    await using built = await buildRendered(workshop, { text, changes: listed });
    const stages = () => rebuiltStages(workshop, { text, list, changes: listed, dockerfile, donors });
    const expected = { ...compared, layout, runtime: others.runtime, stages };
    return await compareBuilt(workshop, subjectOf(built, subject.clients), expected);
  });
  return { ...rebuilt, layout, text, listed };
}

/**
 * The layout of a new stage: in COPY lines where these are few, else assembled by a stage, in which links stay
 * links. Over a runtime they do not, since the runtime may have a directory in the place of a link.
 */
async function layoutBelow(
  workshop: Workshop,
  request: FinishRequest,
  { prunes }: { readonly prunes: boolean },
): Promise<LaidOut> {
  const { dockerfile, opened, arrivals, linked: isLinked = false } = request;
  const { rootfs, others } = opened;
  const { arrivals: whole, removed } = wholeIn(workshop, request, prunes);
  const found = { prunings: [], removed };
  const layout = assembleLayout(rootfs, whole);
  const { escapeToken } = dockerfile;
  const isStaged =
    isLinked ||
    needsStaging(layout, { escapeToken, removed }) ||
    writesThroughLinks(rootfs, arrivals) ||
    copiesMuchTwice(rootfs, layout);
  if (!isStaged || others.runtime !== null) return { ...found, layout };
  const staging = await stagingOf(workshop.unit, rootfs);
  if (staging.kind === 'impossible') return { ...found, layout };
  const links = withLinks(rootfs, whole);
  const isExact = arrivals.some(({ exact }) => exact);
  return { ...found, layout: assembleLayout(rootfs, isExact ? withExactDirectories(rootfs, links) : links) };
}

/** Whether links are links in the layout of a new stage. */
export async function keepsLinks(workshop: Workshop, request: FinishRequest): Promise<boolean> {
  return hasLinks((await layoutBelow(workshop, request, { prunes: true })).layout);
}

/** The layout of a stage that is rewritten in place, with its author's directories where they cost nothing. */
async function layoutInPlace(
  { config }: Workshop,
  { dockerfile, stage, opened, arrivals, copied }: FinishRequest,
  { donors, prunes }: { readonly donors: Donors; readonly prunes: boolean },
): Promise<LaidOut> {
  const { rootfs, others } = opened;
  if (copied === null || stage !== finalStage(dockerfile))
    return { layout: assembleLayout(rootfs, arrivals), prunings: [], removed: NONE_REMOVED };
  const able = new Set<string>();
  for (const { name, config: image, rootfs: take } of donors.all)
    if (prunes && isRoot(image.user) && canRemove(await take())) able.add(name);
  const treeOf = await donors.trees();
  const found = withCopiedDirectories(rootfs, arrivals, {
    copied,
    isUsual: ({ instruction, origin }) => {
      if (!opened.isDrifted || instruction.flags.some(({ name }) => name !== 'from')) return false;
      return treeOf(instruction)?.lookup(origin)?.mode === 0o755;
    },
    isDropped: (path) => config.drop.some((glob) => matches(glob, path)),
    isTaken: (path) => others.runtime?.rootfs.lookup(path) !== undefined,
    canPrune: (instruction) =>
      instruction.from !== null && isNamed(dockerfile, instruction) && able.has(donorKey(instruction.from)),
  });
  return { layout: assembleLayout(rootfs, found.arrivals), prunings: found.prunings, removed: NONE_REMOVED };
}

function isRoot(user: string): boolean {
  return ['', '0', 'root'].includes(user);
}

/**
 * What arrives, in whole directories where all of one arrives, or all but what a stage can remove; a stage of COPY
 * lines by hand keeps its author's lines instead.
 */
function wholeIn(
  { config }: Workshop,
  { opened, arrivals }: FinishRequest,
  prunes: boolean,
): PrunedDirectories {
  const { rootfs, others, image } = opened;
  const options = {
    isDropped: (path: ImagePath) => config.drop.some((glob) => matches(glob, path)),
    isTaken: (path: ImagePath) => others.runtime?.rootfs.lookup(path) !== undefined,
  };
  if (!prunes || !isRoot(image.user) || !canRemove(rootfs))
    return { arrivals: withWholeDirectories(rootfs, arrivals, options), removed: NONE_REMOVED };
  return withPrunedDirectories(rootfs, arrivals, { ...options, canFind: canFind(rootfs) });
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
