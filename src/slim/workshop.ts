import type { Config } from '../config/config-schema.ts';
import type { Engine, ImageConfig, ImageId } from '../engine/engine.ts';
import type { RootfsUnit } from '../entry/unit.ts';
import { buildImage } from '../image/build.ts';
import { Rootfs } from '../image/rootfs.ts';
import type { Listener } from './event.ts';
import type { Warning } from './result.ts';
import { newSpool } from './spools.ts';
import type { Stopwatch } from './stopwatch.ts';

/** What the work on one unit is done with. */
export type Workshop = {
  readonly engine: Engine;
  readonly unit: RootfsUnit;
  readonly config: Config;
  readonly signal: AbortSignal;
  readonly on: Listener;
  readonly stopwatch: Stopwatch;
  readonly warn: (warning: Warning) => void;
};

/** An image that was built and its file system; disposing of it removes both. */
export type BuiltImage = AsyncDisposable & { readonly config: ImageConfig; readonly rootfs: Rootfs };

/** Builds a Dockerfile over the unit's context and takes its file system, before anything runs in it. */
export async function buildRootfs(workshop: Workshop, text: string, target?: string): Promise<BuiltImage> {
  const { engine, unit, config, signal, on, warn } = workshop;
  const id = await buildImage(engine, {
    directory: unit.directory,
    dockerfile: unit.dockerfile,
    text,
    settings: config.build,
    signal,
    onLog: (line) => on({ type: 'build-log', entry: unit.name, line }),
    onWarning: (code, message) => warn({ code, message }),
    ...(target === undefined ? {} : { target }),
  });
  try {
    const image = await engine.inspectImage(id);
    if (image === undefined) throw new Error(`cannot inspect ${id}: the engine has lost it`);
    const rootfs = await exportRootfs(engine, id);
    return {
      config: image,
      rootfs,
      async [Symbol.asyncDispose]() {
        await rootfs[Symbol.asyncDispose]();
        await engine.removeImage(id);
      },
    };
  } catch (error) {
    await engine.removeImage(id);
    throw error;
  }
}

async function exportRootfs(engine: Engine, image: ImageId): Promise<Rootfs> {
  await using container = await engine.createContainer({
    image,
    argv: ['/'],
    env: {},
    network: 'none',
    limits: { memoryBytes: 64 * 1024 ** 2, pids: 16 },
  });
  return await Rootfs.fromTar(await container.export(), await newSpool());
}
