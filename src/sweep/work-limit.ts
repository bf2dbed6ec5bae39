import { UserError } from '../shared/failure.ts';
import { LONGEST_TIMER_MS } from '../shared/limits.ts';

/** A limit on the time for which an entry is worked on; while it waits for its turn, the time stands still. */
export type WorkLimit = Disposable & {
  /** Aborted with a UserError `timeout` when the time is up. */
  readonly signal: AbortSignal;
  /** Waits for something without counting that. */
  readonly waiting: <T>(turn: () => Promise<T>) => Promise<T>;
};

export function startWorkLimit(limitMs: number): WorkLimit {
  const limit = new AbortController();
  const expire = () => {
    const message = `it was not done within ${limitMs / 1000} seconds`;
    limit.abort(new UserError('timeout', message, { hint: 'raise --entry-timeout' }));
  };
  let leftMs = Math.min(limitMs, LONGEST_TIMER_MS);
  let since = performance.now();
  let timer = setTimeout(expire, leftMs);
  let waits = 0;
  let isOver = false;
  const pause = () => {
    waits += 1;
    if (waits > 1) return;
    clearTimeout(timer);
    leftMs -= performance.now() - since;
  };
  const resume = () => {
    waits -= 1;
    if (waits > 0 || isOver) return;
    since = performance.now();
    timer = setTimeout(expire, Math.max(0, leftMs));
  };
  return {
    signal: limit.signal,
    async waiting(turn) {
      pause();
      try {
        return await turn();
      } finally {
        resume();
      }
    },
    [Symbol.dispose]() {
      isOver = true;
      clearTimeout(timer);
    },
  };
}
