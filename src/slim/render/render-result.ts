import { copiedPaths } from '../../dockerfile/copied-paths.ts';
import { expandStage } from '../../dockerfile/expand-stage.ts';
import type { MarkerFields } from '../../dockerfile/marker.ts';
import { type Dockerfile, finalStage, type Stage } from '../../dockerfile/model.ts';
import type { RootfsUnit } from '../../entry/unit.ts';
import type { Rootfs } from '../../image/rootfs.ts';
import type { Pruning } from '../../plan/copied-directories.ts';
import type { Layout, LayoutFile } from '../../plan/layout.ts';
import { originsOf } from '../../plan/origins.ts';
import type { Removed } from '../../plan/pruned-directories.ts';
import { type Rendered, renderDockerfile } from '../../render/render-dockerfile.ts';
import { rewriteDockerfile } from '../../render/rewrite-dockerfile.ts';
import type { Staging } from '../../render/staged-root.ts';
import { resolvePath } from '../../shared/file-tree.ts';
import type { ImagePath } from '../../shared/image-path.ts';
import { type Donors, donorKey } from '../baseline/donors.ts';
import type { StageOf } from '../baseline/drift.ts';
import type { FileChange } from '../file-change.ts';
import type { AnalysedUnit } from '../plan/plan-unit.ts';
import type { ResultLayout } from '../plan/result-layout.ts';
import type { WarningListener } from '../reporter.ts';
import { listChanges, stagingOf } from '../unit-texts.ts';
import { neededEnv } from './needed-env.ts';

type ResultToRender = {
  readonly dockerfile: Dockerfile;
  /** The stage that is slimmed. */
  readonly full: Stage;
  /** The stage that holds the full root file system: another where the stage has drifted. */
  readonly builtBy: StageOf;
  readonly rootfs: Rootfs;
  readonly layout: Layout;
  /** What that stage copies from, where it is made of COPY lines by hand; else null. */
  readonly donors: Donors | null;
  /** What stages leave out of directories that such lines copy. */
  readonly prunings: readonly Pruning[];
  /** What a stage removes of whole directories that a new stage copies. */
  readonly removed: Removed;
  /** Variables that a new stage has to set again. */
  readonly env: Readonly<Record<string, string>>;
  readonly minimal: MarkerFields['minimal'];
  readonly promise: MarkerFields['promise'];
};

/** The files of a result, as they are to be. */
export type ResultFiles = Rendered & {
  /** What changes beside the Dockerfile. */
  readonly listed: readonly FileChange[];
};

export type ResultRequest = Pick<AnalysedUnit, 'request' | 'opened' | 'compared'> & {
  readonly laidOut: ResultLayout;
  readonly minimal: MarkerFields['minimal'];
  readonly promise: MarkerFields['promise'];
};

/** Renders a layout: the Dockerfile, and its root list where it has one. */
export async function renderResult(
  reporter: WarningListener,
  { request, opened, compared, laidOut, minimal, promise }: ResultRequest,
): Promise<ResultFiles> {
  const { dockerfile, stage: full, task } = request;
  const { rootfs, builtBy, donors, image } = opened;
  const unitCases = compared.cases.filter(({ composition }) => composition.kind !== 'under');
  const env = neededEnv(
    unitCases.map(({ platform }) => platform),
    image,
  );
  const result = { dockerfile, full, builtBy, rootfs, ...laidOut, donors, env, minimal, promise };
  const rendered = await renderText(reporter, task.unit, result);
  return { ...rendered, listed: await listChanges(task.unit, rendered.list) };
}

/**
 * The Dockerfile of a layout: with the final stage rewritten in place where it is one of COPY lines, else with a new
 * stage below. A stage that copies files in a way that cannot be followed gets a new stage below it as well. Such a
 * stage that has drifted then stands over its donor: from scratch it lacks what the app needs.
 */
async function renderText(
  { warn }: WarningListener,
  unit: RootfsUnit,
  result: ResultToRender,
): Promise<Rendered> {
  const { dockerfile, full, builtBy, rootfs, layout, donors } = result;
  if (donors !== null && full === finalStage(dockerfile)) {
    const treeOf = await donors.trees();
    const { instructions, workdir } = expandStage(dockerfile, full);
    const copied = copiedPaths({ instructions, treeOf, built: rootfs });
    const found = originsOf(layout, { full: rootfs, copied, treeOf });
    const { added, unknown } = await addedByDonors(found.unknown, { donors, layout });
    const stagings = new Map<string, Staging>();
    for (const { name, rootfs: take } of donors.all) stagings.set(name, await stagingOf(unit, await take()));
    const rewritten =
      unknown.length > 0
        ? null
        : rewriteDockerfile({
            ...result,
            stage: full,
            full: rootfs,
            workdir,
            origins: found.of,
            added,
            copied,
            stagingOver: ({ from }) =>
              stagings.get(from === null ? '' : donorKey(from)) ?? {
                kind: 'impossible',
                why: 'the build context has no tar',
              },
          });
    if (rewritten !== null) return rewritten;
    const why =
      unknown[0] === undefined
        ? 'kraft-slim cannot reduce a line of the stage made by hand to the needed files'
        : `${unknown[0]} came in a way that kraft-slim cannot follow`;
    warn({ code: 'stage-added', message: `${why}: kraft-slim ${addedTo(full, builtBy)}` });
  }
  const below = { dockerfile: builtBy.dockerfile, full: builtBy.stage };
  return renderDockerfile({ ...result, ...below, staging: await stagingOf(unit, rootfs) });
}

function addedTo(full: Stage, { dockerfile: { text }, stage: { from } }: StageOf): string {
  if (from.kind === full.from.kind) return 'added a new stage below it';
  return `put the stage over ${text.slice(from.range.start, from.range.end)} and added a new stage below it`;
}

/** Files that no line of the stage copies and a donor has, by the name of the first donor that has each. */
async function addedByDonors(
  paths: readonly ImagePath[],
  { donors, layout }: { readonly donors: Donors; readonly layout: Layout },
): Promise<{ added: ReadonlyMap<string, readonly LayoutFile[]>; unknown: readonly ImagePath[] }> {
  const added = new Map<string, LayoutFile[]>();
  const unknown: ImagePath[] = [];
  const wanted = new Set(paths);
  for (const file of layout.entries) {
    if (file.type !== 'file' || !wanted.has(file.path)) continue;
    const from = await donorOf(file, donors);
    if (from === null) unknown.push(file.path);
    else added.set(from, [...(added.get(from) ?? []), file]);
  }
  return { added, unknown };
}

async function donorOf({ source, sha256 }: LayoutFile, { all }: Donors): Promise<string | null> {
  for (const { from, rootfs: take } of all) {
    const rootfs = await take();
    const { path, entry } = resolvePath(rootfs, source);
    if (entry?.type === 'file' && rootfs.hash(path) === sha256) return from.raw;
  }
  return null;
}
