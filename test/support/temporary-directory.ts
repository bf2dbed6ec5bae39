import { statfsSync } from 'node:fs';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A directory of one test; disposing of it removes all that is in it. */
export type TemporaryDirectory = AsyncDisposable & { readonly path: string };

export async function temporaryDirectory(parent = tmpdir()): Promise<TemporaryDirectory> {
  const path = await realpath(await mkdtemp(join(parent, 'kraft-slim-test-')));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** Linux's file system in memory. */
const IN_MEMORY = '/dev/shm';

/** A container has 64 MiB of it by default. */
const ENOUGH_BYTES = 1024 ** 3;

/** Where a file costs no wait for a disk: many stories write and sync a few small files each. */
export function fastDirectory(): string {
  try {
    const { bavail, bsize } = statfsSync(IN_MEMORY);
    return bavail * bsize >= ENOUGH_BYTES ? IN_MEMORY : tmpdir();
  } catch {
    return tmpdir();
  }
}
