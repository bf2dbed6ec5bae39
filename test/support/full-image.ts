import { join } from 'node:path';
import { connectEngine } from '../../src/engine/connect.ts';
import type { ImageId } from '../../src/engine/engine.ts';
import { buildImage } from '../../src/image/build.ts';
import type { Catalog } from './catalog.ts';
import { docker } from './docker.ts';

/** The image that an entry's Dockerfile makes, to look into; disposing of it removes it. */
export type FullImage = AsyncDisposable & {
  readonly id: ImageId;
  /** What a program in it prints, without a network. */
  readonly run: (argv: readonly string[]) => Promise<string>;
};

/** Builds an entry's Dockerfile, or one stage of it. */
export async function fullImage(catalog: Catalog, entry: string, target?: string): Promise<FullImage> {
  const engine = await connectEngine();
  const image = await buildImage(engine, {
    directory: join(catalog.path, entry),
    dockerfile: 'Dockerfile',
    text: await catalog.read(`${entry}/Dockerfile`),
    ...(target === undefined ? {} : { target }),
    settings: { args: {}, secrets: [] },
    onWarning: () => undefined,
  });
  return {
    id: image,
    run: async (argv) => await docker(['run', '--rm', '--network', 'none', image, ...argv]),
    [Symbol.asyncDispose]: async () => await engine.removeImage(image),
  };
}
