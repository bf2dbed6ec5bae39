import { setTimeout as sleep } from 'node:timers/promises';
import type Docker from 'dockerode';
import { timeLimit } from '../shared/time-limit.ts';
import { dial } from './dial.ts';

/** How long a build may take to end after the request to stop, before its connection is cut. */
const PATIENCE_MS = 8_000;

/** The engine cannot stop a build that it has not begun yet: the request is repeated. */
const AGAIN_MS = 200;

/** Disposed of when the build has ended. */
export type StoppableBuild = Disposable & {
  /** Aborted with the reason of the stop where the build did not end in time. */
  readonly cut: AbortSignal;
};

/**
 * Asks the engine to stop a build when the signal is aborted (`POST /build/cancel`). To hang up stops it too, but an
 * image that is being made is made to its end then, and the engine does not report when.
 * @param build the `buildid` of the request
 */
export function stoppableBuild(
  docker: Docker,
  build: string,
  signal: AbortSignal | undefined,
  { patienceMs = PATIENCE_MS }: { readonly patienceMs?: number } = {},
): StoppableBuild {
  const cut = new AbortController();
  const ended = new AbortController();
  const stop = async () => {
    const over = AbortSignal.any([ended.signal, timeLimit(patienceMs)]);
    while (!over.aborted) {
      await cancel(docker, build, over).catch(() => undefined);
      await sleep(AGAIN_MS, undefined, { signal: over }).catch(() => undefined);
    }
    cut.abort(signal?.reason);
  };
  signal?.addEventListener('abort', stop, { once: true, signal: ended.signal });
  return { cut: cut.signal, [Symbol.dispose]: () => ended.abort() };
}

function cancel(docker: Docker, build: string, abortSignal: AbortSignal): Promise<unknown> {
  return dial(docker, {
    method: 'POST',
    path: '/build/cancel?',
    options: { id: build },
    statusCodes: { 200: true, 204: true },
    abortSignal,
  });
}
