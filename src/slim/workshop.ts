import { join, relative } from 'node:path';
import type { Config } from '../config/config-schema.ts';
import { assertExpandable } from '../dockerfile/expand-stage.ts';
import { parseDockerfile } from '../dockerfile/parse-dockerfile.ts';
import type { Engine, ImageConfig, ImageId } from '../engine/engine.ts';
import type { RootfsUnit } from '../entry/unit.ts';
import { type BuildOptions, buildImage } from '../image/build.ts';
import type { KnownFiles } from '../image/known-files.ts';
import { Rootfs } from '../image/rootfs.ts';
import { takeShared } from '../image/take-shared.ts';
import { staticBusybox } from '../workload/helper-images.ts';
import type { NetworkPool } from '../workload/network-pool.ts';
import type { VisitWait } from '../workload/visit.ts';
import type { Listener } from './event.ts';
import type { Gate } from './gate.ts';
import { contextTexts } from './render/root-list.ts';
import type { Result, Warning } from './result.ts';
import type { FindDependents } from './state/inputs.ts';
import { newSpool } from './state/spools.ts';
import type { Stopwatch } from './stopwatch.ts';
import type { FileChange } from './write/write.ts';

/** What the work on one unit is done with. */
export type Workshop = {
  readonly engine: Engine;
  readonly networks: NetworkPool;
  /** Files of images that were taken for other entries; null where each is taken as a whole. */
  readonly knownFiles: KnownFiles | null;
  readonly unit: RootfsUnit;
  readonly config: Config;
  /** See `loadConfig`: holds for the settings of other entries that the work reads as well. */
  readonly untrusted: boolean;
  readonly signal: AbortSignal;
  readonly on: Listener;
  readonly gate: Gate;
  /** Waits while a person uses the traced app; null without `--interactive`. */
  readonly visit: VisitWait | null;
  readonly dependentsOf: FindDependents;
  readonly stopwatch: Stopwatch;
  readonly warn: (warning: Warning) => void;
  /** Keeps what is found out, so that a failure later on does not forget it. */
  readonly learn: (
    found: Partial<
      Pick<Result, 'launches' | 'workload' | 'before' | 'after' | 'runtime' | 'stages' | 'promise'>
    >,
  ) => void;
};

/** An image that was built; disposing of it removes it and its file system. */
export type BuiltImage = AsyncDisposable & {
  readonly config: ImageConfig;
  /** Its file system as it was built, whatever has run in containers of it since; taken once. */
  readonly rootfs: () => Promise<Rootfs>;
};

/** Builds a Dockerfile over the unit's context. */
export async function buildUnit(workshop: Workshop, text: string, target?: string): Promise<BuiltImage> {
  return await build(workshop, { text, ...(target === undefined ? {} : { target }) });
}

/**
 * Builds a rendered Dockerfile over the unit's context as it is to be, with the changes of other files than the
 * Dockerfile.
 */
export async function buildRendered(
  workshop: Workshop,
  { text, changes, target }: { text: string; changes: readonly FileChange[]; target?: string },
): Promise<BuiltImage> {
  const files = contextTexts(workshop.unit, changes);
  return await build(workshop, { text, files, ...(target === undefined ? {} : { target }) });
}

async function build(
  workshop: Workshop,
  request: Pick<BuildOptions, 'text' | 'files' | 'target'>,
): Promise<BuiltImage> {
  const { engine, unit, config, signal, on, warn, gate, knownFiles } = workshop;
  const dockerfile = parseDockerfile(request.text, { file: unit.dockerfile, buildArgs: config.build.args });
  assertExpandable(dockerfile, request.target);
  const id = await gate.build(() =>
    buildImage(engine, {
      directory: unit.context,
      root: unit.catalogRoot,
      dockerfile: relative(unit.context, join(unit.directory, unit.dockerfile)),
      ...request,
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
    if (knownFiles === null || request.files !== undefined) return takeWhole();
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

/** Waits for two pieces of work that go on at once, also where one fails, so that neither outlives its caller. */
export async function both<A, B>(first: Promise<A>, second: Promise<B>): Promise<[A, B]> {
  await Promise.allSettled([first, second]);
  return [await first, await second];
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
