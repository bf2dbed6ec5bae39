import type { Engine, ImageId } from '../../src/engine/engine.ts';
import { Rootfs } from '../../src/image/rootfs.ts';
import { spoolPath } from './rootfs.ts';

/** The root file system of an image that is in the engine. */
export async function imageRootfs(engine: Engine, image: string): Promise<Rootfs> {
  await using container = await engine.createContainer({
    image: image as ImageId,
    argv: ['/'],
    env: {},
    network: 'none',
    limits: { memoryBytes: 64 * 1024 ** 2, pids: 16 },
  });
  return await Rootfs.fromTar(await container.export(), spoolPath());
}
