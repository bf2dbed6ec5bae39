import { Readable } from 'node:stream';
import type { Container, Engine, ImageId } from '../engine/engine.ts';
import { packItems } from '../image/pack-tar.ts';
import { contentOf } from '../image/unpack-tar.ts';
import { messageOf } from '../shared/failure.ts';
import { readTrace, type Trace } from '../strace/read-trace.ts';
import { straceOptions } from '../strace/trace-options.ts';
import { type TracerImageOptions, tracerImage } from '../workload/helper-images.ts';
import type { LaunchedCommand } from '../workload/run-launch.ts';
import { BUNDLE_DIRECTORY, bundleFrom } from '../workload/strace-bundle.ts';
import { hostTree } from './host-tree.ts';
import { tracedCommand } from './traced-command.ts';

const LOG = `${BUNDLE_DIRECTORY}/log`;

/** A container that is never started needs next to nothing. */
const LIMITS = { memoryBytes: 64 * 1024 ** 2, pids: 16 };

/** strace, ready to be put into any container, and to be read when that has ended. */
export type Tracer = {
  /** A program as the tracer starts it: what its environment asks of the dynamic linker is for the program alone. */
  readonly around: (start: LaunchedCommand) => LaunchedCommand;
  readonly files: () => Readable;
  /** Reads the log of a traced container that has ended. */
  readonly collect: (container: Container) => Promise<Trace>;
};

/** A tracer, or each reason why there is none. */
export type TracerChoice =
  | { readonly tracer: Tracer; readonly reason: null }
  | { readonly tracer: undefined; readonly reason: string };

const choices = new WeakMap<Engine, Promise<TracerChoice>>();

/**
 * The tracer for an engine, found once in a process: this machine's strace where it is made for the engine's
 * architecture, else Debian's out of an image that is built for it. `KRAFT_SLIM_STRACE` names a strace of this
 * machine, and no other is taken then; `KRAFT_SLIM_STRACE=image` takes the image.
 * @throws the signal's reason where it is aborted.
 */
export async function chooseTracer(engine: Engine, options: TracerImageOptions): Promise<TracerChoice> {
  for (;;) {
    options.signal?.throwIfAborted();
    const choice = choices.get(engine) ?? choose(engine, options);
    choices.set(engine, choice);
    try {
      return await choice;
    } catch {
      // only a signal stops it, which may be the signal of another entry: then this entry begins again
      if (choices.get(engine) === choice) choices.delete(engine);
    }
  }
}

async function choose(engine: Engine, options: TracerImageOptions): Promise<TracerChoice> {
  const reasons: string[] = [];
  for (const take of takers(process.env.KRAFT_SLIM_STRACE ?? '')) {
    try {
      return { tracer: await take(engine, options), reason: null };
    } catch (error) {
      options.signal?.throwIfAborted();
      reasons.push(messageOf(error));
    }
  }
  return { tracer: undefined, reason: reasons.join('; ') };
}

type Taker = (engine: Engine, options: TracerImageOptions) => Promise<Tracer>;

function takers(setting: string): Taker[] {
  if (setting === 'image') return [imageTracer];
  return setting === '' ? [hostTracer(), imageTracer] : [hostTracer([setting])];
}

function hostTracer(places?: readonly string[]): Taker {
  return async ({ architecture }) => {
    const { items, hasLoader } = bundleFrom(hostTree, architecture, places);
    return tracerOf(() => packItems(items), hasLoader);
  };
}

const imageTracer: Taker = async (engine, options) => {
  const bundle = await bundleOf(engine, await tracerImage(engine, options), options.signal);
  return tracerOf(() => Readable.from([bundle]), true);
};

/** The tar of an image's bundle: a few megabytes. */
async function bundleOf(engine: Engine, image: ImageId, signal?: AbortSignal): Promise<Buffer> {
  const argv = [`${BUNDLE_DIRECTORY}/strace`];
  await using container = await engine.createContainer({
    image,
    argv,
    env: {},
    network: 'none',
    limits: LIMITS,
  });
  const tar = await container.getArchive(BUNDLE_DIRECTORY, signal);
  return Buffer.concat(await tar.toArray());
}

function tracerOf(files: () => Readable, hasLoader: boolean): Tracer {
  const loader = [`${BUNDLE_DIRECTORY}/loader`, '--library-path', BUNDLE_DIRECTORY];
  const strace = [...(hasLoader ? loader : []), `${BUNDLE_DIRECTORY}/strace`, ...straceOptions(LOG)];
  return {
    around: (start) => tracedCommand(strace, start),
    files,
    collect: async (container) => await readTrace(contentOf(await container.getArchive(LOG))),
  };
}
