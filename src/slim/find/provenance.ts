import { readPackages } from '../../analysis/promise/packages.ts';
import { type CopiedPath, copiedPaths } from '../../dockerfile/copied-paths.ts';
import { expandStage } from '../../dockerfile/expand-stage.ts';
import { isCopy, type Stage } from '../../dockerfile/model.ts';
import { stageChain } from '../../dockerfile/stage-chain.ts';
import type { RootfsView } from '../../image/rootfs-view.ts';
import type { ImagePath } from '../../shared/image-path.ts';
import { donorKey } from '../baseline/donors.ts';
import type { BaselineRequest, OpenedBaseline } from '../baseline/open-baseline.ts';
import type { BaseListing } from './base-listings.ts';
import { type DirectoryCopy, directoryCopies } from './copied-in.ts';

/** Where the paths of a full root file system come from. */
export type Provenance = {
  /**
   * `base`: from a base image, as it is there. `author`: from a step of the Dockerfile, or from its build context. What
   * a stage made by hand copies from another stage is the author's where no package of that stage owns it.
   */
  readonly made: (path: ImagePath) => 'base' | 'author';
  /** Directories that COPY lines copy from other stages. */
  readonly copiedIn: readonly ImagePath[];
  /** What the COPY lines of a stage made by hand have copied, by path; null for any other stage. */
  readonly copied: ReadonlyMap<ImagePath, CopiedPath> | null;
};

type ListingOf = (image: string) => Promise<BaseListing | null>;

/** Finds out what steps of the Dockerfile have made, by a listing of each base image. */
export async function provenanceOf(
  listingOf: ListingOf,
  { dockerfile, stage }: Pick<BaselineRequest, 'dockerfile' | 'stage'>,
  { rootfs, donors }: Pick<OpenedBaseline, 'rootfs' | 'donors'>,
): Promise<Provenance> {
  const chain = stageChain(dockerfile, stage);
  const directories = directoryCopies(dockerfile, chain, rootfs);
  const copiedIn = directories.flatMap(({ from, path }) => (from.kind === 'stage' ? [path] : []));
  if (donors === null) {
    const madeHere = await madeIn(chain, rootfs, listingOf);
    const carried = await Promise.all(
      directories.map(async (copy) => ({
        ...copy,
        listing: await listingBehind(copy, dockerfile.stages, listingOf),
      })),
    );
    const isCarried = (path: ImagePath) =>
      carried.some(({ originOf, listing }) => {
        const origin = originOf(path);
        return origin !== null && (listing?.holds(origin, rootfs.lookup(path)) ?? false);
      });
    return { made: (path) => (isCarried(path) ? 'base' : madeHere(path)), copiedIn, copied: null };
  }
  const treeOf = await donors.trees();
  const { instructions } = expandStage(dockerfile, stage);
  const copied = copiedPaths({ instructions, treeOf, built: rootfs });
  const madeOf = new Map<string, Provenance['made']>();
  for (const { name, from, rootfs: take } of donors.all) {
    const first = from.kind === 'stage' ? dockerfile.stages[from.stageIndex] : undefined;
    if (first === undefined) continue;
    const tree = await take();
    const packages = readPackages(tree);
    const made = await madeIn(stageChain(dockerfile, first), tree, listingOf);
    const isOfPackage = (path: ImagePath) =>
      packages.ownerOf(path) !== undefined || packages.hasDirectory(path);
    madeOf.set(name, (path) => (isOfPackage(path) ? 'base' : made(path)));
  }
  const made: Provenance['made'] = (path) => {
    const found = copied.get(path);
    if (found === undefined) return 'base';
    const { from } = found.instruction;
    // an image that no stage of this Dockerfile makes is a base itself
    return from === null ? 'author' : (madeOf.get(donorKey(from))?.(found.origin) ?? 'base');
  };
  return { made, copiedIn, copied };
}

/** The listing of the image at the bottom of what a COPY line reads; null where there is none. */
async function listingBehind(
  { from }: Pick<DirectoryCopy, 'from'>,
  stages: readonly Stage[],
  listingOf: ListingOf,
): Promise<BaseListing | null> {
  if (from.kind === 'image') return await listingOf(from.raw);
  const first = stages[from.stageIndex];
  const base = first === undefined ? undefined : stageChain({ stages }, first).at(-1)?.from;
  return base?.kind === 'image' ? await listingOf(base.image) : null;
}

async function madeIn(
  chain: readonly Stage[],
  rootfs: RootfsView,
  listingOf: ListingOf,
): Promise<Provenance['made']> {
  const makes = chain.some(({ instructions }) =>
    instructions.some((instruction) => instruction.keyword === 'RUN' || isCopy(instruction)),
  );
  const { from } = chain.at(-1) as Stage;
  if (!makes) return () => 'base';
  if (from.kind !== 'image') return () => 'author';
  const listing = await listingOf(from.image);
  // of a base that cannot be listed every file may be the base's
  if (listing === null) return () => 'base';
  return (path) => (listing.holds(path, rootfs.lookup(path)) ? 'base' : 'author');
}
