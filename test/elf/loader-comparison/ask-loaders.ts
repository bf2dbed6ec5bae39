import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Container, Engine, ImageId } from '../../../src/engine/engine.ts';
import { buildImage } from '../../../src/image/build.ts';
import { Rootfs } from '../../../src/image/rootfs.ts';
import type { TraceLine } from './trace.ts';

const IMAGE_DIRECTORY = join(import.meta.dirname, 'image');
const TRACE = ['python3', '/trace.py'];
const LIMITS = { memoryBytes: 1 << 30, pids: 64 };

/** Builds the image, asks its own loaders, in one container without a network, and reads its files into `directory`. */
export async function askLoaders(
  engine: Engine,
  directory: string,
): Promise<{ rootfs: Rootfs; lines: TraceLine[] }> {
  const image = await build(engine);
  try {
    await using container = await engine.createContainer({
      image,
      argv: TRACE,
      env: {},
      network: 'none',
      limits: LIMITS,
    });
    const lines = await linesOf(container);
    return { lines, rootfs: await Rootfs.fromTar(await container.export(), join(directory, 'rootfs.tar')) };
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

async function linesOf(container: Container): Promise<TraceLine[]> {
  const output = { stdout: '', stderr: '' };
  const { ended } = await container.attach(({ stream, data }) => {
    output[stream] += data.toString('latin1');
  });
  await container.start();
  const { exitCode } = await container.wait();
  await ended;
  if (exitCode !== 0) throw new Error(`cannot ask the loaders: ${output.stderr}`);
  const lines = output.stdout.split('\n').filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as TraceLine);
}
