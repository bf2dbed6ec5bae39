import type { Need, Reason } from '../../src/analysis/need.ts';
import { type CopiedPath, copiedPaths } from '../../src/dockerfile/copied-paths.ts';
import { enteredDirectories } from '../../src/dockerfile/entered-directories.ts';
import { expandStage } from '../../src/dockerfile/expand-stage.ts';
import { type CopyInstruction, type Dockerfile, finalStage } from '../../src/dockerfile/model.ts';
import type { Rootfs } from '../../src/image/rootfs.ts';
import { withCopiedDirectories } from '../../src/plan/copied-directories.ts';
import { arrivalsOf, assembleLayout, type Layout } from '../../src/plan/layout.ts';
import { type Origins, originsOf } from '../../src/plan/origins.ts';
import { planSlim } from '../../src/plan/plan.ts';
import type { Rendered } from '../../src/render/render-dockerfile.ts';
import { rewriteDockerfile } from '../../src/render/rewrite-dockerfile.ts';
import type { Staging } from '../../src/render/staged-root.ts';
import { type ImagePath, imagePath } from '../../src/shared/image-path.ts';
import { modelStage } from './copy-model.ts';
import { dockerfileOf } from './dockerfile.ts';
import { type RootfsTable, rootfsOf } from './rootfs.ts';

/** What COPY lines read: the build context as `.`, stages by their names or numbers, images by theirs. */
export type Sources = { readonly [name: string]: Rootfs };

/** The file systems that the lines of a Dockerfile read. Disposing of them closes them all. */
export async function sourcesOf(
  tables: Readonly<Record<string, RootfsTable>>,
): Promise<AsyncDisposable & { readonly sources: Sources }> {
  const sources: Record<string, Rootfs> = {};
  for (const [name, table] of Object.entries(tables)) sources[name] = await rootfsOf(table);
  return {
    sources,
    async [Symbol.asyncDispose]() {
      for (const rootfs of Object.values(sources)) await rootfs[Symbol.asyncDispose]();
    },
  };
}

/** The tree of each COPY. */
export function treesOf({ stages }: Dockerfile, sources: Sources) {
  return ({ from }: CopyInstruction): Rootfs => {
    const stage = from?.kind === 'stage' ? stages[from.stageIndex] : undefined;
    const name = from === null ? '.' : (stage?.name ?? stage?.index.toString() ?? from.raw);
    const found = sources[name];
    if (found === undefined) throw new RangeError(`no caller has said what ${name} holds`);
    return found;
  };
}

/** A final stage with what it gives, and where that came from. */
export type Traced = {
  readonly dockerfile: Dockerfile;
  readonly full: Rootfs;
  readonly copied: ReadonlyMap<ImagePath, CopiedPath>;
};

/** Builds the final stage of a Dockerfile by the model, or takes a given root file system for what it gives. */
export async function traceStage(
  text: string,
  sources: Sources,
  built?: RootfsTable,
): Promise<Traced & AsyncDisposable> {
  const dockerfile = dockerfileOf(text);
  const treeOf = treesOf(dockerfile, sources);
  const full = await rootfsOf(built ?? modelStage(dockerfile, treeOf).table);
  const { instructions } = expandStage(dockerfile, finalStage(dockerfile));
  const copied = copiedPaths({ instructions, treeOf, built: full });
  return { dockerfile, full, copied, [Symbol.asyncDispose]: () => full[Symbol.asyncDispose]() };
}

export type Rewritten = Traced & {
  readonly layout: Layout;
  readonly origins: Origins;
  /** null where the stage cannot be rewritten. */
  readonly rendered: Rendered | null;
};

export const NO_STAGING: Staging = { kind: 'impossible', why: 'the image has no tar' };

/** Rewrites the final stage of a Dockerfile so that it copies what is needed, as a run of the tool does. */
export function rewrite(
  traced: Traced,
  needs: readonly Need[],
  {
    sources,
    staging = NO_STAGING,
    canPrune = false,
  }: { readonly sources: Sources; readonly staging?: Staging; readonly canPrune?: boolean },
): Rewritten {
  const { dockerfile, full, copied } = traced;
  const treeOf = treesOf(dockerfile, sources);
  const stage = finalStage(dockerfile);
  const expanded = expandStage(dockerfile, stage);
  const entered = enteredDirectories(expanded).map(
    ({ path }): Need => ({ path, reason: { kind: 'build-context', source: 'line' } }),
  );
  const found = withCopiedDirectories(full, arrivalsOf(planSlim(full, [...needs, ...entered])), {
    copied,
    isDropped: () => false,
    isTaken: () => false,
    isUsual: () => false,
    canPrune: () => canPrune,
  });
  const layout = assembleLayout(full, found.arrivals);
  const origins = originsOf(layout, { full, copied, treeOf });
  const { workdir } = expanded;
  const { prunings } = found;
  const request = {
    ...{ dockerfile, stage, full, workdir, layout, copied, prunings },
    origins: origins.of,
    added: new Map(),
  };
  const rendered =
    origins.unknown.length > 0
      ? null
      : rewriteDockerfile({ ...request, minimal: 'none', promise: 'app', stagingOver: () => staging });
  return { ...traced, layout, origins, rendered };
}

/** Needs for paths, each for the same reason. */
export function needsOf(paths: readonly string[], reason: Reason = OPENED): Need[] {
  return paths.map((path) => ({ path: imagePath(path), reason }));
}

export const OPENED: Reason = { kind: 'traced', how: 'opened' };
export const LISTED: Reason = { kind: 'traced', how: 'listed' };
