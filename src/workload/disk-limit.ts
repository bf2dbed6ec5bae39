import { setTimeout as sleep } from 'node:timers/promises';
import type { Container } from '../engine/engine.ts';
import { megabytes } from '../shared/byte-size.ts';
import { UserError } from '../shared/failure.ts';

/** How often the engine counts what a container has written; it walks the files for it. */
const POLL_MS = 1000;

/** The exit code of a program that SIGXFSZ ended, since it wrote a file beyond RLIMIT_FSIZE: setrlimit(2). */
const FILE_TOO_BIG = 128 + 25;

export type DiskLimit = {
  /** What the container may write, in bytes. */
  readonly diskBytes: number;
  /** What it held before the start, in bytes: files that were put into it, and what its image has in volumes. */
  readonly beforeBytes: number;
  /** What it holds now, in bytes, its volumes included. */
  readonly writtenBytes: () => Promise<number>;
};

/**
 * The end of a program that may not fill the engine's disk: overlay2 has no quota in Engine 20.10, so the engine's
 * own count is polled until `over` is aborted, and a container that has written too much is killed.
 * @throws UserError `limit-exceeded`
 */
export async function endWithinDisk<Exit extends { readonly exitCode: number }>(
  container: Pick<Container, 'kill'>,
  exit: Promise<Exit>,
  { diskBytes, beforeBytes, writtenBytes, over }: DiskLimit & { readonly over: AbortSignal },
): Promise<Exit> {
  let isExceeded = false;
  let isOver = false;
  const ended = exit.finally(() => {
    isOver = true;
  });
  const poll = async () => {
    while (!isOver && !isExceeded) {
      await sleep(POLL_MS, undefined, { signal: over, ref: false });
      // a container that is being removed has no size
      const bytes = isOver ? 0 : await writtenBytes().catch(() => 0);
      isExceeded = !over.aborted && bytes - beforeBytes >= diskBytes;
    }
    if (isExceeded) await container.kill();
  };
  poll().catch(() => undefined);
  const end = await ended;
  if (!isExceeded && end.exitCode !== FILE_TOO_BIG) return end;
  throw new UserError(
    'limit-exceeded',
    `cannot run the app: it wrote more than ${megabytes(diskBytes)} to the disk`,
    {
      hint: 'raise workload.limits.disk in kraft-slim.yaml if the app needs more',
    },
  );
}
