import { findInPath } from '../../analysis/find-program.ts';
import { loadConfig } from '../../config/load-config.ts';
import type { Dockerfile, Stage } from '../../dockerfile/model.ts';
import { finalStage } from '../../dockerfile/model.ts';
import { parseDockerfile } from '../../dockerfile/parse-dockerfile.ts';
import type { ImageConfig, ImageId } from '../../engine/engine.ts';
import { envOfImage } from '../../entry/launch.ts';
import type { RootfsUnit } from '../../entry/unit.ts';
import type { Rootfs } from '../../image/rootfs.ts';
import { disposeAll } from '../../shared/dispose-all.ts';
import { type FileTree, resolvePath } from '../../shared/file-tree.ts';
import { readUnitDockerfile } from '../render/root-list.ts';
import type { Workshop } from '../workshop.ts';
import { type Donors, openDonors } from './donors.ts';

/** Where clients are looked up: the stages that a unit copies from, and those of its runtime. */
export type ClientImages = AsyncDisposable & {
  /** The image that has a program; null where no image has it. */
  readonly find: (program: string) => Promise<ImageId | null>;
};

/** An image with its files. */
type Source = { readonly config: ImageConfig; readonly rootfs: () => Promise<Rootfs> };

export type ClientPlaces = {
  readonly dockerfile: Dockerfile;
  readonly stage: Stage;
  /** What the stage copies from, where that is built already. */
  readonly donors: Donors | null;
  /** The library entry that a runtime delta lies over; null for every other unit. */
  readonly runtime: RootfsUnit | null;
};

/** PATH where an image sets none, as engines have it. */
const USUAL_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/**
 * The images that may have the client of a workload. They are built when a client is looked up; disposing of it removes
 * them.
 */
export function clientImages(workshop: Workshop, places: ClientPlaces): ClientImages {
  const opened: AsyncDisposable[] = [];
  let known: Promise<Source[]> | undefined;
  return {
    async find(program) {
      known ??= sourcesOf(workshop, places, opened);
      for (const { config, rootfs } of await known)
        if (hasProgram(await rootfs(), program, config)) return config.id;
      return null;
    },
    [Symbol.asyncDispose]: () => disposeAll(opened),
  };
}

async function sourcesOf(
  workshop: Workshop,
  { dockerfile, stage, donors, runtime }: ClientPlaces,
  opened: AsyncDisposable[],
): Promise<Source[]> {
  const open = async (tools: Workshop, of: { dockerfile: Dockerfile; stage: Stage }) => {
    const built = await openDonors(tools, of);
    opened.push(built);
    return built.all;
  };
  const copied = donors?.all ?? (await open(workshop, { dockerfile, stage }));
  if (runtime === null) return [...copied];
  const { catalogRoot, directory: entryDirectory } = runtime;
  const config = await loadConfig({ entryDirectory, catalogRoot, untrusted: workshop.untrusted });
  const below = parseDockerfile(readUnitDockerfile(runtime), {
    file: runtime.dockerfile,
    buildArgs: config.build.args,
  });
  const tools = { ...workshop, unit: runtime, config };
  return [...copied, ...(await open(tools, { dockerfile: below, stage: finalStage(below) }))];
}

function hasProgram(tree: FileTree, program: string, image: ImageConfig): boolean {
  if (program.includes('/')) return resolvePath(tree, program).entry?.type === 'file';
  return findInPath(tree, program, { PATH: USUAL_PATH, ...envOfImage(image) }) !== undefined;
}
