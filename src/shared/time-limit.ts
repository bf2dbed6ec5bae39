/**
 * A signal that is aborted after a time, with a `TimeoutError` as `AbortSignal.timeout` gives it. That one may be collected as
 * garbage on Node 20 while only an `AbortSignal.any` knows it, which then never ends (nodejs/node 54614); here
 * the timer holds its controller. It keeps no process alive.
 */
export function timeLimit(ms: number): AbortSignal {
  const limit = new AbortController();
  const expire = () =>
    limit.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError'));
  setTimeout(expire, ms).unref();
  return limit.signal;
}
