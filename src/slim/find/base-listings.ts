import { GENERATED_FILES } from '../../image/engine-stubs.ts';
import type { RootfsEntry } from '../../image/rootfs-entry.ts';
import { listImage } from '../../image/take-shared.ts';
import { UserError } from '../../shared/failure.ts';
import type { ImagePath } from '../../shared/image-path.ts';
import { staticBusybox } from '../../workload/helper-images.ts';
import { type BuiltImage, buildUnit, type Workshop } from '../workshop.ts';

/** What a base image holds. */
export type BaseListing = {
  /** Whether a path is there as this entry is: with the same type and, of a file or a link, the same size and time. */
  readonly holds: (path: ImagePath, entry: RootfsEntry | undefined) => boolean;
};

/** Lists base images by their references, each once; null for one that cannot be listed. */
export function baseListings(workshop: Workshop): (image: string) => Promise<BaseListing | null> {
  const known = new Map<string, Promise<BaseListing | null>>();
  return async (image) => {
    const listing = known.get(image) ?? listBase(workshop, image);
    known.set(image, listing);
    return await listing;
  };
}

/** A base as an image; null where the engine cannot get it any more. */
async function buildBase(workshop: Workshop, reference: string): Promise<BuiltImage | null> {
  try {
    return await buildUnit(workshop, `FROM ${reference}\n`);
  } catch (error) {
    workshop.signal.throwIfAborted();
    if (error instanceof UserError && error.code === 'build-failed') return null;
    throw error;
  }
}

async function listBase(workshop: Workshop, reference: string): Promise<BaseListing | null> {
  const { engine, signal } = workshop;
  const busybox = () => staticBusybox(engine, signal);
  const known = await engine.inspectImage(reference);
  // BuildKit keeps an image that it has pulled to itself
  await using built = known === undefined ? await buildBase(workshop, reference) : null;
  const image = known ?? built?.config;
  const listed = image === undefined ? undefined : await listImage(engine, { image, busybox, signal });
  if (listed === undefined) return null;
  const files = new Map(listed.map((item) => [item.path, item]));
  return {
    holds(path, entry) {
      // no listing shows what an engine mounts over
      if (entry === undefined || GENERATED_FILES.has(path) || /^\/(?:dev|proc|sys)(?:\/|$)/.test(path))
        return true;
      const then = files.get(path);
      if (then?.type !== entry.type) return false;
      const hasContent = entry.type === 'file' || entry.type === 'symlink';
      return !hasContent || (then.size === entry.size && then.mtime === entry.mtime);
    },
  };
}
