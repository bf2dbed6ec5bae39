import { findInPath } from '../../analysis/find-program.ts';
import { loadConfig } from '../../config/load-config.ts';
import { finalStage } from '../../dockerfile/model.ts';
import { parseDockerfile } from '../../dockerfile/parse-dockerfile.ts';
import type { ImageConfig, ImageId } from '../../engine/engine.ts';
import { envOfImage } from '../../entry/launch.ts';
import type { RootfsUnit } from '../../entry/unit.ts';
import type { Rootfs } from '../../image/rootfs.ts';
import { disposeAll } from '../../shared/dispose-all.ts';
import { type FileTree, resolvePath } from '../../shared/file-tree.ts';
import type { Reporter } from '../reporter.ts';
import type { Tools } from '../tools.ts';
import { readUnitDockerfile } from '../unit-texts.ts';
import type { CopyingStage } from './donors.ts';
import { type Donors, openDonors } from './donors.ts';

/** Where clients are looked up: the stages that a unit copies from, and those of its runtime. */
export type ClientImages = AsyncDisposable & {
  /** The image that has a program; null where no image has it. */
  readonly find: (program: string) => Promise<ImageId | null>;
};

/** An image with its files. */
type Source = { readonly config: ImageConfig; readonly rootfs: () => Promise<Rootfs> };

export type ClientPlaces = CopyingStage & {
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
export function clientImages(tools: Tools, reporter: Reporter, places: ClientPlaces): ClientImages {
  const opened: AsyncDisposable[] = [];
  const open = async (copying: CopyingStage) => {
    const built = await openDonors(tools, reporter, copying);
    opened.push(built);
    return built.all;
  };
  let known: Promise<Source[]> | undefined;
  return {
    async find(program) {
      known ??= sourcesOf(places, open);
      for (const { config, rootfs } of await known)
        if (hasProgram(await rootfs(), program, config)) return config.id;
      return null;
    },
    [Symbol.asyncDispose]: () => disposeAll(opened),
  };
}

async function sourcesOf(
  { task, dockerfile, stage, donors, runtime }: ClientPlaces,
  open: (copying: CopyingStage) => Promise<readonly Source[]>,
): Promise<Source[]> {
  const copied = donors?.all ?? (await open({ task, dockerfile, stage }));
  if (runtime === null) return [...copied];
  const { catalogRoot, directory: entryDirectory } = runtime;
  const config = await loadConfig({ entryDirectory, catalogRoot, untrusted: task.untrusted });
  const below = parseDockerfile(readUnitDockerfile(runtime), {
    file: runtime.dockerfile,
    buildArgs: config.build.args,
  });
  const ofRuntime = { task: { ...task, unit: runtime, config }, dockerfile: below, stage: finalStage(below) };
  return [...copied, ...(await open(ofRuntime))];
}

function hasProgram(tree: FileTree, program: string, image: ImageConfig): boolean {
  if (program.includes('/')) return resolvePath(tree, program).entry?.type === 'file';
  return findInPath(tree, program, { PATH: USUAL_PATH, ...envOfImage(image) }) !== undefined;
}
