import { BuildError, type Container, type Engine, type ImageId } from '../engine/engine.ts';
import { packItems } from '../image/pack-tar.ts';
import { messageOf, UserError } from '../shared/failure.ts';

/** Debian's strace and its static busybox, `/usr/bin/strace` and `/bin/busybox`. */
const DOCKERFILE = `FROM debian:bookworm
RUN apt-get update && apt-get install --yes --no-install-recommends strace busybox-static
`;

/** A container that is never started needs next to nothing. */
const LIMITS = { memoryBytes: 64 * 1024 ** 2, pids: 16 };

/**
 * A container of an image with strace and a static busybox, to take them from where this machine has none, or none
 * for the engine's architecture. It is not started. Disposing of it removes the image as well; the engine's build
 * cache keeps the work.
 * @throws UserError `build-failed`.
 */
export async function toolsContainer(engine: Engine, signal?: AbortSignal): Promise<Container> {
  const image = await buildTools(engine, signal);
  const container = await engine
    .createContainer({ image, argv: ['/bin/busybox'], env: {}, network: 'none', limits: LIMITS })
    .catch(async (error: unknown) => {
      await engine.removeImage(image);
      throw error;
    });
  return {
    ...container,
    async [Symbol.asyncDispose]() {
      try {
        await container[Symbol.asyncDispose]();
      } finally {
        await engine.removeImage(image);
      }
    },
  };
}

/** Where the engine's own network leads nowhere, on the host's. */
async function buildTools(engine: Engine, signal?: AbortSignal): Promise<ImageId> {
  const faults: BuildError[] = [];
  for (const network of ['default', 'host'] as const) {
    try {
      return await engine.build({
        context: () => packItems([{ name: 'Dockerfile', content: Buffer.from(DOCKERFILE) }]),
        dockerfile: 'Dockerfile',
        buildArgs: {},
        network,
        ...(signal === undefined ? {} : { signal }),
      });
    } catch (error) {
      if (!(error instanceof BuildError)) throw error;
      faults.push(error);
    }
  }
  const last = faults.at(-1);
  throw new UserError('build-failed', `cannot build an image of strace and busybox: ${messageOf(last)}`, {
    detail: last?.lastLines.join('\n') ?? '',
    cause: new AggregateError(faults, 'both networks of the engine failed'),
  });
}
