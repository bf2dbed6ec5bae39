import { join, relative } from 'node:path';
import { assertExpandable } from '../dockerfile/expand-stage.ts';
import { parseDockerfile } from '../dockerfile/parse-dockerfile.ts';
import type { Engine, ImageConfig, ImageId } from '../engine/engine.ts';
import { buildImage } from '../image/build.ts';
import { Rootfs } from '../image/rootfs.ts';
import { takeShared } from '../image/take-shared.ts';
import { disposeAll } from '../shared/dispose-all.ts';
import { staticBusybox } from '../workload/helper-images.ts';
import type { FileChange } from './file-change.ts';
import type { Reporter } from './reporter.ts';
import { newSpool } from './spools.ts';
import type { Task } from './task.ts';
import type { Tools } from './tools.ts';
import { contextTexts } from './unit-texts.ts';

/** An image that was built; disposing of it removes it and its file system. */
export type BuiltImage = AsyncDisposable & {
  readonly config: ImageConfig;
  /** Its file system as it was built, whatever has run in containers of it since; taken once. */
  readonly rootfs: () => Promise<Rootfs>;
};

export type UnitBuild = {
  readonly task: Task;
  /** The Dockerfile, which is built over the unit's context. */
  readonly text: string;
  readonly target?: string | undefined;
  /** Other files of the context as they are to be; absent where the context is built as it is. */
  readonly changes?: readonly FileChange[];
};

/** Builds a Dockerfile over the unit's context. */
export async function buildUnit(
  { engine, signal, gate, knownFiles }: Tools,
  { on, warn }: Reporter,
  { task: { unit, config }, text, target, changes }: UnitBuild,
): Promise<BuiltImage> {
  const dockerfile = parseDockerfile(text, { file: unit.dockerfile, buildArgs: config.build.args });
  assertExpandable(dockerfile, target);
  const id = await gate.build(() =>
    buildImage(engine, {
      directory: unit.context,
      root: unit.catalogRoot,
      dockerfile: relative(unit.context, join(unit.directory, unit.dockerfile)),
      text,
      ...(target === undefined ? {} : { target }),
      ...(changes === undefined ? {} : { files: contextTexts(unit, changes) }),
      settings: config.build,
      signal,
      onLog: (line) => on({ type: 'build-log', entry: unit.name, line }),
      onWarning: (code, message) => warn({ code, message }),
    }),
  );
  const image = await engine.inspectImage(id);
  if (image === undefined) throw new Error(`cannot inspect ${id}: the engine has lost it`);
  let rootfs: Promise<Rootfs> | undefined;
  const takeWhole = () => exportRootfs(engine, { image: id, signal });
  const take = () => {
    // what was copied for the result is in no other image
    if (knownFiles === null || changes !== undefined) return takeWhole();
    const busybox = () => staticBusybox(engine, signal);
    return takeShared(engine, { image, known: knownFiles, busybox, newSpool, takeWhole, signal });
  };
  return {
    config: image,
    rootfs() {
      rootfs ??= take();
      return rootfs;
    },
    async [Symbol.asyncDispose]() {
      // a root file system that could not be taken has thrown to its caller
      const taken = await rootfs?.catch(() => undefined);
      try {
        await taken?.[Symbol.asyncDispose]();
      } finally {
        await engine.removeImage(id);
      }
    },
  };
}

/** Builds several images, one after the other; where one fails, those before it are removed. */
export async function buildEach(builds: readonly (() => Promise<BuiltImage>)[]): Promise<BuiltImage[]> {
  const built: BuiltImage[] = [];
  try {
    for (const build of builds) built.push(await build());
    return built;
  } catch (error) {
    await disposeAll(built);
    throw error;
  }
}

/** The file system of an image; disposing of it removes what was spooled. */
export async function exportRootfs(
  engine: Engine,
  { image, signal }: { image: ImageId; signal: AbortSignal },
): Promise<Rootfs> {
  await using container = await engine.createContainer({
    image,
    argv: ['/'],
    env: {},
    network: 'none',
    limits: { memoryBytes: 64 * 1024 ** 2, pids: 16 },
  });
  return await Rootfs.fromTar(await container.export(signal), await newSpool());
}
