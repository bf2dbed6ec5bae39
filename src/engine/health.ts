import type { UserError } from '../shared/failure.ts';
import { timeLimit } from '../shared/time-limit.ts';
import { engineAbsent } from './engine-fault.ts';

/** How long an engine may be silent. */
export type EngineLimits = {
  /** A request that is answered at once has this time for it. */
  readonly answerMs: number;
  /** While a request waits for so long, the engine is asked whether it is still there. */
  readonly pingAfterMs: number;
  /** How long it may take to say so. */
  readonly pingMs: number;
  /** How long a request may last after its run was interrupted or its time was up. */
  readonly graceMs: number;
  /** How long a request may last at an engine that is silent: it is tried, and not waited for. */
  readonly lostMs: number;
};

/** Set to another number of seconds that an engine may be silent. */
const VARIABLE = 'KRAFT_SLIM_ENGINE_TIMEOUT';

const USUAL_SILENCE_MS = 30_000;

/** The limits of this process. */
export function engineLimits(): EngineLimits {
  const seconds = Number(process.env[VARIABLE] ?? '');
  const silenceMs = seconds > 0 && seconds <= 3600 ? seconds * 1000 : USUAL_SILENCE_MS;
  return {
    answerMs: 4 * silenceMs,
    pingAfterMs: Math.min(5000, silenceMs / 2),
    pingMs: silenceMs,
    graceMs: Math.min(10_000, silenceMs),
    lostMs: Math.min(2000, silenceMs),
  };
}

/** A request that has not ended yet. */
export type Pending = { readonly end: (fault: UserError) => void };

/** Whether an engine still answers. */
export interface Health {
  /** Whether it was silent for too long when it was asked last. */
  readonly isLost: boolean;
  /** To be called with each answer. */
  heard(): void;
  /** Ends a request when the engine falls silent; to be disposed of when the request has ended. */
  watch(pending: Pending): Disposable;
}

/**
 * Asks an engine from time to time whether it is there while requests wait for it: a build or an app may take hours,
 * and an engine that is frozen keeps its connections and never answers.
 */
export function watchHealth(
  ping: (signal: AbortSignal) => Promise<unknown>,
  { pingAfterMs, pingMs }: Pick<EngineLimits, 'pingAfterMs' | 'pingMs'>,
): Health {
  const waiting = new Set<Pending>();
  let isLost = false;
  let lastHeard = performance.now();
  let isAsking = false;
  let timer: NodeJS.Timeout | undefined;
  const heard = () => {
    isLost = false;
    lastHeard = performance.now();
  };
  const ask = async () => {
    if (isAsking || performance.now() - lastHeard < pingAfterMs) return;
    isAsking = true;
    const limit = timeLimit(pingMs);
    // a connection that breaks ends the requests without our help
    await ping(limit).then(heard, () => {
      if (!limit.aborted) return;
      isLost = true;
      const fault = engineAbsent(`it has not answered for ${Math.round(pingMs / 100) / 10} seconds`);
      for (const pending of [...waiting]) pending.end(fault);
    });
    isAsking = false;
  };
  return {
    get isLost() {
      return isLost;
    },
    heard,
    watch(pending) {
      if (waiting.size === 0) lastHeard = performance.now();
      waiting.add(pending);
      timer ??= setInterval(ask, pingAfterMs / 2).unref();
      return {
        [Symbol.dispose]() {
          waiting.delete(pending);
          if (waiting.size > 0) return;
          clearInterval(timer);
          timer = undefined;
        },
      };
    },
  };
}
