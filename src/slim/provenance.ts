import { type CopiedPath, copiedPaths } from '../dockerfile/copied-paths.ts';
import { expandStage } from '../dockerfile/expand-stage.ts';
import { isCopy, type Stage } from '../dockerfile/model.ts';
import { stageChain } from '../dockerfile/stage-chain.ts';
import type { Listed } from '../image/file-listing.ts';
import type { RootfsView } from '../image/rootfs-view.ts';
import { listImage } from '../image/take-shared.ts';
import type { ImagePath } from '../shared/image-path.ts';
import { staticBusybox } from '../workload/helper-images.ts';
import { type Donor, donorKey } from './donors.ts';
import type { BaselineRequest, OpenedBaseline } from './open-baseline.ts';
import { buildUnit, type Workshop } from './workshop.ts';

/** Where the paths of a full root file system come from. */
export type Provenance = {
  /** `base`: from a base image, as it is there. `author`: from a step of the Dockerfile, or from its build context. */
  readonly made: (path: ImagePath) => 'base' | 'author';
  /** What the COPY lines of a stage made by hand have brought, by path; null for any other stage. */
  readonly copied: ReadonlyMap<ImagePath, CopiedPath> | null;
};

/** Finds out what a step of the Dockerfile has made, by a listing of each base image. */
export async function provenanceOf(
  workshop: Workshop,
  request: BaselineRequest,
  { rootfs, donors }: Pick<OpenedBaseline, 'rootfs' | 'donors'>,
): Promise<Provenance> {
  const { dockerfile, stage } = request;
  const listings = rememberedListings(workshop);
  if (donors === null) {
    const made = await madeIn(stageChain(dockerfile, stage), rootfs, listings);
    return { made, copied: null };
  }
  const treeOf = await donors.trees();
  const { instructions } = expandStage(dockerfile, stage);
  const copied = copiedPaths({ instructions, treeOf, built: rootfs });
  const madeOf = new Map<string, Provenance['made']>();
  for (const donor of donors.all) {
    const [first] = donorChain(donor, dockerfile.stages);
    const made: Provenance['made'] =
      first === undefined
        ? () => 'base'
        : await madeIn(stageChain(dockerfile, first), await donor.rootfs(), listings);
    madeOf.set(donor.name, made);
  }
  return {
    copied,
    made(path) {
      const found = copied.get(path);
      if (found === undefined) return 'base';
      const { from } = found.instruction;
      return from === null ? 'author' : (madeOf.get(donorKey(from))?.(found.origin) ?? 'base');
    },
  };
}

function donorChain({ from }: Donor, stages: readonly Stage[]): Stage[] {
  return from.kind === 'stage' ? [stages[from.stageIndex] ?? []].flat() : [];
}

type Listings = (image: string) => Promise<ReadonlyMap<ImagePath, Listed> | undefined>;

/** The base image of several stages is listed once. */
function rememberedListings(workshop: Workshop): Listings {
  const known = new Map<string, ReturnType<Listings>>();
  return async (image) => {
    const listing = known.get(image) ?? listingOf(workshop, image);
    known.set(image, listing);
    return await listing;
  };
}

async function listingOf(workshop: Workshop, reference: string): ReturnType<Listings> {
  const { engine, signal } = workshop;
  const busybox = () => staticBusybox(engine, signal);
  const list = async (image: Parameters<typeof listImage>[1]['image']) => {
    const files = await listImage(engine, { image, busybox, signal });
    return files === undefined ? undefined : new Map(files.map((one) => [one.path, one]));
  };
  const known = await engine.inspectImage(reference);
  if (known !== undefined) return await list(known);
  // BuildKit keeps an image that it has pulled to itself
  await using built = await buildUnit(workshop, `FROM ${reference}\n`);
  return await list(built.config);
}

async function madeIn(
  chain: readonly Stage[],
  rootfs: RootfsView,
  listings: Listings,
): Promise<Provenance['made']> {
  const { from } = chain.at(-1) as Stage;
  const makes = chain.some(({ instructions }) =>
    instructions.some((instruction) => instruction.keyword === 'RUN' || isCopy(instruction)),
  );
  if (!makes) return () => 'base';
  if (from.kind !== 'image') return () => 'author';
  const listing = await listings(from.image);
  // of a base that cannot be listed every file may be the base's
  if (listing === undefined) return () => 'base';
  return (path) => {
    const [now, then] = [rootfs.lookup(path), listing.get(path)];
    if (now === undefined || isMounted(path)) return 'base';
    if (then === undefined || then.type !== now.type) return 'author';
    return then.type === 'directory' || (then.size === now.size && then.mtime === now.mtime)
      ? 'base'
      : 'author';
  };
}

/** No listing tells of these: an engine mounts over them. */
function isMounted(path: ImagePath): boolean {
  return /^\/(?:dev|etc|proc|sys)(?:\/|$)/.test(path);
}
