import { dirname, join } from 'node:path';
import { readBuildContext } from '../../dockerfile/build-context.ts';
import { contextTree } from '../../dockerfile/context-tree.ts';
import {
  type CopyFrom,
  type CopyInstruction,
  type Dockerfile,
  isCopy,
  type Stage,
} from '../../dockerfile/model.ts';
import { targetName } from '../../dockerfile/stages-used.ts';
import type { ImageConfig } from '../../engine/engine.ts';
import type { Rootfs } from '../../image/rootfs.ts';
import { disposeAll } from '../../shared/dispose-all.ts';
import type { FileTree } from '../../shared/file-tree.ts';
import { groupBy } from '../../shared/group-by.ts';
import { readRange } from '../../store/read.ts';
import { type BuiltImage, buildEach, buildUnit } from '../built-image.ts';
import type { Reporter } from '../reporter.ts';
import type { Task } from '../task.ts';
import type { Tools } from '../tools.ts';

/** A file system from which a stage copies: another stage's, or an image's. */
export type Donor = {
  /** See `donorKey`. */
  readonly name: string;
  readonly from: CopyFrom;
  readonly config: ImageConfig;
  /** Its file system, taken when it is first asked for. */
  readonly rootfs: () => Promise<Rootfs>;
};

/** Disposing of them removes their images. */
export type Donors = AsyncDisposable & {
  /** By how many COPY lines they serve, the most first. */
  readonly all: readonly Donor[];
  /** The tree that each COPY of the stage reads; donors are taken for it. */
  readonly trees: () => Promise<(instruction: CopyInstruction) => FileTree | undefined>;
};

/** A stage of a unit's Dockerfile that copies files. */
export type CopyingStage = { readonly task: Task; readonly dockerfile: Dockerfile; readonly stage: Stage };

/** Builds what a stage copies from: it was built for the stage already, so that the engine has it at hand. */
export async function openDonors(
  tools: Tools,
  reporter: Reporter,
  { task, dockerfile, stage }: CopyingStage,
): Promise<Donors> {
  const build = async (text: string, target?: string) =>
    await buildUnit(tools, reporter, { task, text, target });
  const sources = sourcesOf(stage);
  const images = await buildEach(
    sources.map(
      ([, from]) =>
        () =>
          buildSource(build, dockerfile, from),
    ),
  );
  const opened = images.map(({ config, rootfs }, at): Donor => {
    const [name, from] = sources[at] as (typeof sources)[number];
    return { name, from, config, rootfs };
  });
  return {
    all: opened,
    trees: async () => await treesOf(task, opened),
    [Symbol.asyncDispose]: async () => await disposeAll(images),
  };
}

/** What `--from` names in a stage, the most used first. */
function sourcesOf({ instructions }: Stage): [key: string, from: CopyFrom][] {
  const named = instructions.flatMap((instruction) =>
    isCopy(instruction) && instruction.from !== null ? [instruction.from] : [],
  );
  return [...groupBy(named, donorKey)]
    .sort(([, a], [, b]) => b.length - a.length)
    .map(([key, [from]]) => [key, from as CopyFrom]);
}

/** The name of the donor that a `--from` means: the same for a stage's name and its number. */
export function donorKey(from: CopyFrom): string {
  return from.kind === 'stage' ? `stage ${from.stageIndex}` : `image ${from.raw}`;
}

/**
 * A stage is a target of the text as it is: another text would be another context to `COPY . /app`, and each RUN
 * below it would run again. Where no target names the stage it is the last one of the text up to its end.
 */
async function buildSource(
  build: (text: string, target?: string) => Promise<BuiltImage>,
  dockerfile: Dockerfile,
  from: CopyFrom,
): Promise<BuiltImage> {
  if (from.kind === 'image') return await build(`FROM ${from.raw}\n`);
  const { text, stages } = dockerfile;
  const target = targetName(dockerfile, from.stageIndex);
  if (target !== null) return await build(text, target);
  return await build(`${text.slice(0, stages[from.stageIndex]?.range.end)}\n`);
}

async function treesOf(
  { unit }: Task,
  donors: readonly Donor[],
): Promise<(instruction: CopyInstruction) => FileTree | undefined> {
  const { entries } = await readBuildContext({
    directory: unit.context,
    dockerfile: join(unit.directory, unit.dockerfile),
    root: unit.catalogRoot,
  });
  const context = contextTree(entries);
  const readable: FileTree = {
    ...context,
    read(path, offset = 0, length = Number.POSITIVE_INFINITY) {
      const entry = context.entryAt(path);
      if (entry?.type !== 'file') throw new RangeError(`cannot read ${path}: not a regular file`);
      const { hostPath, size } = entry;
      return readRange(hostPath, { root: dirname(hostPath) }, [offset, Math.min(length, size - offset)]);
    },
  };
  const trees = new Map<string, FileTree>();
  for (const { name, rootfs } of donors) trees.set(name, await rootfs());
  return ({ from }) => (from === null ? readable : trees.get(donorKey(from)));
}
