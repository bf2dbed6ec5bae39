import { finalStage } from '../../dockerfile/model.ts';
import { type Pruning, withCopiedDirectories } from '../../plan/copied-directories.ts';
import { type Arrival, assembleLayout, type Layout, withExactDirectories } from '../../plan/layout.ts';
import { copiesMuchTwice, readsLinks, withLinks, writesThroughLinks } from '../../plan/linked-arrivals.ts';
import {
  NONE_REMOVED,
  type PrunedDirectories,
  type Removed,
  withPrunedDirectories,
} from '../../plan/pruned-directories.ts';
import { canFind, canRemove } from '../../plan/staging-tools.ts';
import { withWholeDirectories } from '../../plan/whole-directories.ts';
import { isNamed } from '../../render/pruned-stages.ts';
import { needsStaging } from '../../render/render-dockerfile.ts';
import { hasLinks } from '../../render/staged-root.ts';
import { matches } from '../../shared/glob.ts';
import type { ImagePath } from '../../shared/image-path.ts';
import { type Donors, donorKey } from '../baseline/donors.ts';
import type { WarningListener } from '../reporter.ts';
import { stagingOf } from '../unit-texts.ts';
import type { AnalysedUnit } from './plan-unit.ts';

/** How the files of a result arrive in it. */
export type ResultLayout = {
  readonly layout: Layout;
  /** What stages leave out of directories that COPY lines of a stage made by hand copy. */
  readonly prunings: readonly Pruning[];
  /** What a stage removes of whole directories that a new stage copies. */
  readonly removed: Removed;
};

export type LayoutRequest = Pick<AnalysedUnit, 'request' | 'opened' | 'copied'> & {
  readonly arrivals: readonly Arrival[];
  /** A stage assembles the root, so that links stay links. */
  readonly isLinked: boolean;
  /** Stages may remove what directories have too much, so that lines can copy them. */
  readonly prunes: boolean;
};

/** Lays out what arrives, for a new stage or for the stage that is rewritten in place. */
export async function layOutResult({ warn }: WarningListener, request: LayoutRequest): Promise<ResultLayout> {
  const { donors } = request.opened;
  const found = donors === null ? await layoutBelow(request) : await layoutInPlace(request, donors);
  for (const path of found.layout.left) {
    warn({ code: 'path-left-out', message: `${path} is not a file that a COPY line can copy` });
  }
  return found;
}

/** Whether stages remove something, so that lines can copy directories. */
export function isPruned({ prunings, removed }: ResultLayout): boolean {
  return prunings.length + removed.paths.length > 0;
}

/**
 * Whether a stage that assembles the root could help an app that reads where a link leads: COPY lines make files of
 * links. It cannot where no stage can be assembled, and where links are links already.
 */
export async function couldKeepLinks(
  { request, opened, planned }: Pick<AnalysedUnit, 'request' | 'opened' | 'planned'>,
  { layout }: ResultLayout,
): Promise<boolean> {
  const { rootfs, donors, others } = opened;
  if (donors !== null || others.runtime !== null) return false;
  if (hasLinks(layout) || !readsLinks(rootfs, planned)) return false;
  return (await stagingOf(request.task.unit, rootfs)).kind === 'possible';
}

/**
 * The layout of a new stage: in COPY lines where these are few, else assembled by a stage, in which links stay
 * links. Over a runtime they do not, since the runtime may have a directory in the place of a link.
 */
async function layoutBelow(laying: LayoutRequest): Promise<ResultLayout> {
  const { request, opened, arrivals, isLinked } = laying;
  const { rootfs, others } = opened;
  const { arrivals: whole, removed } = wholeIn(laying);
  const found = { prunings: [], removed };
  const layout = assembleLayout(rootfs, whole);
  const { escapeToken } = request.dockerfile;
  const isStaged =
    isLinked ||
    needsStaging(layout, { escapeToken, removed }) ||
    writesThroughLinks(rootfs, arrivals) ||
    copiesMuchTwice(rootfs, layout);
  if (!isStaged || others.runtime !== null) return { ...found, layout };
  const staging = await stagingOf(request.task.unit, rootfs);
  if (staging.kind === 'impossible') return { ...found, layout };
  const links = withLinks(rootfs, whole);
  const isExact = arrivals.some(({ exact }) => exact);
  return { ...found, layout: assembleLayout(rootfs, isExact ? withExactDirectories(rootfs, links) : links) };
}

/** The layout of a stage that is rewritten in place, with its author's directories where they cost nothing. */
async function layoutInPlace(
  { request, opened, arrivals, copied, prunes }: LayoutRequest,
  donors: Donors,
): Promise<ResultLayout> {
  const { dockerfile, stage, task } = request;
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
    isDropped: (path) => task.config.drop.some((glob) => matches(glob, path)),
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
function wholeIn({ request, opened, arrivals, prunes }: LayoutRequest): PrunedDirectories {
  const { rootfs, others, image } = opened;
  const { drop } = request.task.config;
  const options = {
    isDropped: (path: ImagePath) => drop.some((glob) => matches(glob, path)),
    isTaken: (path: ImagePath) => others.runtime?.rootfs.lookup(path) !== undefined,
  };
  if (!prunes || !isRoot(image.user) || !canRemove(rootfs))
    return { arrivals: withWholeDirectories(rootfs, arrivals, options), removed: NONE_REMOVED };
  return withPrunedDirectories(rootfs, arrivals, { ...options, canFind: canFind(rootfs) });
}
