import { LONGEST_TIMER_MS } from './limits.ts';

/**
 * A signal that is aborted after a time, with a `TimeoutError` as `AbortSignal.timeout` gives it. That one may be
 * collected as garbage on Node 20 while only an `AbortSignal.any` knows it, which then never ends (nodejs/node
 * 54614); here the timer holds its controller. It keeps no process alive. More than 24 days are as good as no limit.
 */
export function timeLimit(ms: number): AbortSignal {
  const limit = new AbortController();
  const expire = () =>
    limit.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError'));
  setTimeout(expire, Math.min(ms, LONGEST_TIMER_MS)).unref();
  return limit.signal;
}
