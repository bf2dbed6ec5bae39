import { GENERATED_FILES } from '../../image/engine-stubs.ts';
import { listImage } from '../../image/look-into-image.ts';
import type { RootfsEntry } from '../../image/rootfs-entry.ts';
import { UserError } from '../../shared/failure.ts';
import type { ImagePath } from '../../shared/image-path.ts';
import { staticBusybox } from '../../workload/helper-images.ts';
import { type BuiltImage, buildUnit } from '../built-image.ts';
import type { Reporter } from '../reporter.ts';
import type { Task } from '../task.ts';
import type { Tools } from '../tools.ts';

/** What a base image holds. */
export type BaseListing = {
  /** Whether a path is there as this entry is: with the same type and, of a file or a link, the same size and time. */
  readonly holds: (path: ImagePath, entry: RootfsEntry | undefined) => boolean;
};

/** Lists base images by their references, each once; null for one that cannot be listed. */
export function baseListings(
  tools: Tools,
  reporter: Reporter,
  task: Task,
): (image: string) => Promise<BaseListing | null> {
  const build = (reference: string) => buildBase(tools, reporter, { task, reference });
  const known = new Map<string, Promise<BaseListing | null>>();
  return async (image) => {
    const listing = known.get(image) ?? listBase(tools, build, image);
    known.set(image, listing);
    return await listing;
  };
}

/** A base as an image; null where the engine cannot get it any more. */
async function buildBase(
  tools: Tools,
  reporter: Reporter,
  { task, reference }: { readonly task: Task; readonly reference: string },
): Promise<BuiltImage | null> {
  try {
    return await buildUnit(tools, reporter, { task, text: `FROM ${reference}\n` });
  } catch (error) {
    tools.signal.throwIfAborted();
    if (error instanceof UserError && error.code === 'build-failed') return null;
    throw error;
  }
}

async function listBase(
  { engine, signal }: Tools,
  build: (reference: string) => Promise<BuiltImage | null>,
  reference: string,
): Promise<BaseListing | null> {
  const busybox = () => staticBusybox(engine, signal);
  const known = await engine.inspectImage(reference);
  // BuildKit keeps an image that it has pulled to itself
  await using built = known === undefined ? await build(reference) : null;
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
