import { setTimeout as sleep } from 'node:timers/promises';
import type { Container } from '../engine/engine.ts';
import { megabytes } from '../shared/byte-size.ts';
import { UserError } from '../shared/failure.ts';
import { timeLimit } from '../shared/time-limit.ts';
import { unlessAborted } from '../shared/unless-aborted.ts';

/** How often the engine counts what a container has written; it walks the files for it. */
const POLL_MS = 1000;

/** How long a count may take: an engine that does not answer says nothing of the program. */
const COUNT_MS = 30_000;

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

/** A program under a limit of its disk. */
export type WithinDisk<Exit> = {
  /**
   * The end of the program. The last count comes after it, so that no program escapes by its end.
   * @throws AppLimitExceeded
   */
  readonly exit: Promise<Exit>;
  /**
   * Counts now: a program that failed at the limit has exceeded it, though no poll saw that yet.
   * @throws AppLimitExceeded
   */
  readonly check: () => Promise<void>;
};

/**
 * A program that may not fill the engine's disk: overlay2 has no quota in Engine 20.10, so the engine's own count is
 * polled until `over` is aborted, and a container that has written too much is killed.
 */
export function withinDisk<Exit extends { readonly exitCode: number }>(
  container: Pick<Container, 'kill'>,
  exit: Promise<Exit>,
  { diskBytes, beforeBytes, writtenBytes, over }: DiskLimit & { readonly over: AbortSignal },
): WithinDisk<Exit> {
  let isExceeded = false;
  let isOver = false;
  const ended = exit.finally(() => {
    isOver = true;
  });
  const count = async () => {
    if (isExceeded || over.aborted) return;
    const within = AbortSignal.any([over, timeLimit(COUNT_MS)]);
    // a container that is being removed has no size
    const bytes = await unlessAborted(writtenBytes(), within).catch(() => 0);
    isExceeded ||= !over.aborted && bytes - beforeBytes >= diskBytes;
  };
  const poll = async () => {
    while (!isOver && !isExceeded) {
      await sleep(POLL_MS, undefined, { signal: over, ref: false });
      if (!isOver) await count();
    }
    if (isExceeded) await container.kill();
  };
  poll().catch(() => undefined);
  const end = async () => {
    const seen = await ended;
    await count();
    if (isExceeded || seen.exitCode === FILE_TOO_BIG) throw exceeded(diskBytes);
    return seen;
  };
  const check = async () => {
    await count();
    if (isExceeded) throw exceeded(diskBytes);
  };
  return { exit: end(), check };
}

/** The limit of its workload that a program exceeded; plain data. */
export type ExceededLimit = {
  /** `cannot run the app: <why>`. */
  readonly message: string;
  readonly hint: string;
};

/** A program exceeded a limit of its workload: that is the reason for whatever else failed in its run. */
export class AppLimitExceeded extends UserError {
  readonly limit: ExceededLimit;

  constructor(limit: ExceededLimit) {
    super('limit-exceeded', limit.message, { hint: limit.hint });
    this.limit = limit;
  }
}

function exceeded(diskBytes: number): AppLimitExceeded {
  return new AppLimitExceeded({
    message: `cannot run the app: it wrote more than ${megabytes(diskBytes)} to the disk`,
    hint: 'raise workload.limits.disk in kraft-slim.yaml if the app needs more',
  });
}
