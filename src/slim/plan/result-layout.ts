import type { Config } from '../../config/config-schema.ts';
import { finalStage } from '../../dockerfile/model.ts';
import { type Pruning, withCopiedDirectories } from '../../plan/copied-directories.ts';
import { type Arrival, assembleLayout, type Layout, withExactDirectories } from '../../plan/layout.ts';
import { withLinks, writesThroughLinks } from '../../plan/linked-arrivals.ts';
import { canRemove } from '../../plan/staging-tools.ts';
import { withWholeDirectories } from '../../plan/whole-directories.ts';
import { isNamed } from '../../render/pruned-stages.ts';
import { needsStaging } from '../../render/render-dockerfile.ts';
import { matches } from '../../shared/glob.ts';
import { type Donors, donorKey } from '../baseline/donors.ts';
import type { OpenedBaseline } from '../baseline/open-baseline.ts';
import type { WarningListener } from '../reporter.ts';
import { stagingOf } from '../write/root-list.ts';
import type { AnalysedUnit } from './plan-unit.ts';

/** How the files of a result arrive in it. */
export type ResultLayout = {
  readonly layout: Layout;
  /** What stages leave out of directories that COPY lines of a stage made by hand copy. */
  readonly prunings: readonly Pruning[];
};

export type LayoutRequest = Pick<AnalysedUnit, 'request' | 'opened' | 'copied'> & {
  readonly arrivals: readonly Arrival[];
};

/** Lays out what arrives, for a new stage or for the stage that is rewritten in place. */
export async function layOutResult({ warn }: WarningListener, request: LayoutRequest): Promise<ResultLayout> {
  const { donors } = request.opened;
  const found =
    donors === null
      ? { layout: await layoutBelow(request), prunings: [] }
      : await layoutInPlace(request, donors);
  for (const path of found.layout.left) {
    warn({ code: 'path-left-out', message: `${path} is not a file that a COPY line can copy` });
  }
  return found;
}

/**
 * The layout of a new stage: in COPY lines where these are few, else assembled by a stage, in which links stay
 * links. Over a runtime they do not, since the runtime may have a directory in the place of a link.
 */
async function layoutBelow({ request, opened, arrivals }: LayoutRequest): Promise<Layout> {
  const { dockerfile, task } = request;
  const { rootfs, others } = opened;
  const whole = wholeIn(task.config, opened, arrivals);
  const layout = assembleLayout(rootfs, whole);
  const isStaged = needsStaging(layout, dockerfile.escapeToken) || writesThroughLinks(rootfs, arrivals);
  if (!isStaged || others.runtime !== null) return layout;
  const staging = await stagingOf(task.unit, rootfs);
  if (staging.kind === 'impossible') return layout;
  const linked = withLinks(rootfs, whole);
  const isExact = arrivals.some(({ exact }) => exact);
  return assembleLayout(rootfs, isExact ? withExactDirectories(rootfs, linked) : linked);
}

/** The layout of a stage that is rewritten in place, with its author's directories where they cost nothing. */
async function layoutInPlace(
  { request, opened, arrivals, copied }: LayoutRequest,
  donors: Donors,
): Promise<ResultLayout> {
  const { dockerfile, stage, task } = request;
  const { rootfs, others } = opened;
  if (copied === null || stage !== finalStage(dockerfile))
    return { layout: assembleLayout(rootfs, arrivals), prunings: [] };
  const able = new Set<string>();
  for (const { name, config: image, rootfs: take } of donors.all)
    if (['', '0', 'root'].includes(image.user) && canRemove(await take())) able.add(name);
  const found = withCopiedDirectories(rootfs, arrivals, {
    copied,
    isDropped: (path) => task.config.drop.some((glob) => matches(glob, path)),
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
  { drop }: Pick<Config, 'drop'>,
  { rootfs, others }: OpenedBaseline,
  arrivals: readonly Arrival[],
): readonly Arrival[] {
  return withWholeDirectories(rootfs, arrivals, {
    isDropped: (path) => drop.some((glob) => matches(glob, path)),
    isTaken: (path) => others.runtime?.rootfs.lookup(path) !== undefined,
  });
}
