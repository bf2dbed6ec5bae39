import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Engine, ImageId } from '../../../src/engine/engine.ts';
import { buildImage } from '../../../src/image/build.ts';
import { Rootfs } from '../../../src/image/rootfs.ts';
import type { TraceLine } from './trace.ts';

const IMAGE_DIRECTORY = join(import.meta.dirname, 'image');
const LIMITS = { memoryBytes: 1 << 30, pids: 64 };

/** An image full of programs: its files, and what its own loaders say of them. */
export type Asked = AsyncDisposable & { readonly rootfs: Rootfs; readonly lines: readonly TraceLine[] };

/** Builds the image, reads its files and asks its loaders, in one container without a network. */
export async function askLoaders(engine: Engine): Promise<Asked> {
  const spool = await mkdtemp(join(tmpdir(), 'kraft-slim-loaders-'));
  const image = await build(engine);
  try {
    const argv = ['python3', '/trace.py'];
    await using container = await engine.createContainer({
      image,
      argv,
      env: {},
      network: 'none',
      limits: LIMITS,
    });
    const rootfs = await Rootfs.fromTar(await container.export(), join(spool, 'rootfs.tar'));
    const output: Buffer[] = [];
    const errors: Buffer[] = [];
    const { ended } = await container.attach(({ stream, data }) => {
      (stream === 'stdout' ? output : errors).push(data);
    });
    await container.start();
    const { exitCode } = await container.wait();
    await ended;
    if (exitCode !== 0) throw new Error(`cannot ask the loaders: ${Buffer.concat(errors)}`);
    return {
      rootfs,
      lines: linesOf(Buffer.concat(output)),
      async [Symbol.asyncDispose]() {
        await rootfs[Symbol.asyncDispose]();
        await rm(spool, { recursive: true });
      },
    };
  } finally {
    await engine.removeImage(image);
  }
}

async function build(engine: Engine): Promise<ImageId> {
  return buildImage(engine, {
    directory: IMAGE_DIRECTORY,
    dockerfile: 'Dockerfile',
    text: await readFile(join(IMAGE_DIRECTORY, 'Dockerfile'), 'utf8'),
    settings: { args: {}, secrets: [] },
    onWarning: () => undefined,
  });
}

function linesOf(output: Buffer): TraceLine[] {
  const lines = output
    .toString()
    .split('\n')
    .filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as TraceLine);
}
