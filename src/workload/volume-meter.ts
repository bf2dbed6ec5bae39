import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Container, Engine } from '../engine/engine.ts';
import { type ImagePath, imagePath, isWithin } from '../shared/image-path.ts';
import { SIDECAR_BUSYBOX, sidecarImage } from './helper-images.ts';

const LIMITS = { memoryBytes: 64 * 1024 ** 2, pids: 16 };

/** The line behind the numbers. */
const END = '.';

/** For each line that it reads, prints the KiB of each directory. The directories are words, never shell text. */
const MEASURE = `while read -r _; do for at; do kib=$(${SIDECAR_BUSYBOX} du -s -k "$at" 2>/dev/null); echo "\${kib%%[!0-9]*}"; done; echo ${END}; done`;

/** Says what the anonymous volumes of a container hold: the engine's own count leaves volumes out. */
export interface VolumeMeter extends AsyncDisposable {
  /** All that lies in the volumes, in bytes. Infinite if the meter has ended, so that no app escapes by ending it. */
  bytes(): Promise<number>;
}

/**
 * A meter for a container: a helper beside it that has the same volumes, read-only. A container without volumes needs
 * no helper.
 */
export async function meterOf(engine: Engine, measured: Container): Promise<VolumeMeter> {
  const volumes: readonly ImagePath[] = (await measured.volumes()).map((at) => imagePath(at));
  // a volume within another counts with it
  const isWithinAnother = (at: ImagePath) => volumes.some((other) => other !== at && isWithin(at, other));
  const directories = volumes.filter((at) => !isWithinAnother(at));
  if (directories.length === 0) return { bytes: async () => 0, [Symbol.asyncDispose]: async () => undefined };
  const helper = await engine.createContainer({
    image: await sidecarImage(engine),
    argv: [SIDECAR_BUSYBOX, 'sh', '-c', MEASURE, 'measure', ...directories],
    env: {},
    network: 'none',
    volumesFrom: measured.id,
    takesInput: true,
    limits: LIMITS,
  });
  const dispose = () => helper[Symbol.asyncDispose]();
  try {
    const stream = await helper.converse();
    const lines = createInterface({ input: stream });
    const gone = once(lines, 'close').then(() => Number.POSITIVE_INFINITY);
    await helper.start();
    const bytes = async () => {
      const sum = sumUntilEnd(lines);
      stream.write('\n');
      return await Promise.race([sum, gone]);
    };
    return { bytes, [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

function sumUntilEnd(lines: ReturnType<typeof createInterface>): Promise<number> {
  return new Promise((resolve) => {
    let kib = 0;
    const take = (line: string) => {
      if (line !== END) {
        kib += Number(line) || 0;
        return;
      }
      lines.off('line', take);
      resolve(kib * 1024);
    };
    lines.on('line', take);
  });
}
