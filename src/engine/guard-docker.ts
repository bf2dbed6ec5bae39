import { IncomingMessage } from 'node:http';
import type Docker from 'dockerode';
import { UserError } from '../shared/failure.ts';
import type { DialOptions } from './dial.ts';
import { engineAbsent, explainFault, nonsense } from './engine-fault.ts';
import type { EngineLimits, Health } from './health.ts';

/** For whom requests are made. */
export type Run = {
  /** When it is aborted, requests have a little time left to tidy up, and then end. */
  readonly signal?: AbortSignal | undefined;
  /** Called when the connection to the engine breaks, also where the request that sees it can do without. */
  readonly onFault?: ((fault: UserError) => void) | undefined;
};

type Callback = (error: unknown, answer: unknown) => void;

/** Requests whose answer comes when a piece of work is done: a program has ended, an image is built or pulled. */
const TAKES_LONG = /\/(?:wait|build|images\/create|distribution)\b/;

/**
 * Puts a border around all requests of a client: each has its time, and ends with an error that says what is wrong
 * with the engine. All of dockerode's methods go through docker-modem's `dial`.
 */
export function guardDocker(
  docker: Docker,
  run: Run & { readonly health: Health; readonly limits: EngineLimits },
): Docker {
  const { health, limits, signal, onFault } = run;
  const dial = docker.modem.dial.bind(docker.modem) as (options: DialOptions, callback: Callback) => void;
  const calls = new Set<Call>();
  const endAll = () => {
    for (const call of [...calls]) call.end(signal?.reason);
  };
  const closing = () => setTimeout(endAll, limits.graceMs).unref();
  signal?.addEventListener('abort', closing, { once: true });
  const limitOf = (options: DialOptions): number => {
    if (health.isLost) return limits.lostMs;
    if (signal?.aborted) return limits.graceMs;
    return TAKES_LONG.test(options.path) || options.file !== undefined ? 0 : limits.answerMs;
  };
  docker.modem.dial = (options: DialOptions, callback: Callback) => {
    const request = `${options.method} ${options.path.replace(/\?.*/, '')}`;
    const call = openCall(request, limitOf(options), health);
    calls.add(call);
    call.ended.addEventListener('abort', () => calls.delete(call), { once: true });
    const explain = (error: unknown) => {
      const fault = call.signal.aborted ? call.signal.reason : explainFault(error, request);
      if (fault instanceof UserError && fault.code === 'engine-absent') onFault?.(fault);
      return fault;
    };
    const { abortSignal } = options as { abortSignal?: AbortSignal };
    const both = AbortSignal.any(abortSignal === undefined ? [call.signal] : [call.signal, abortSignal]);
    dial({ ...options, abortSignal: both }, (error, answer) => {
      call.answered();
      if (error !== null) {
        if ((error as { statusCode?: number }).statusCode !== undefined) health.heard();
        call.close();
        callback(explain(error), null);
        return;
      }
      health.heard();
      if (answer instanceof IncomingMessage) {
        // a stream may break later; its consumer hears why
        const destroy = answer.destroy.bind(answer);
        answer.destroy = (why?: Error) => destroy(why === undefined ? why : (explain(why) as Error));
        answer.once('close', call.close);
        callback(null, answer);
        return;
      }
      call.close();
      // docker-modem hands on as bytes what is no JSON
      if (Buffer.isBuffer(answer) && answer.length > 0) callback(explain(nonsense(request, NO_JSON)), null);
      else callback(null, answer);
    });
  };
  return docker;
}

const NO_JSON = { why: 'it is no JSON' };

/** One request. */
type Call = {
  /** Aborted with the error of the request where it has to end. */
  readonly signal: AbortSignal;
  /** Aborted when it is over. */
  readonly ended: AbortSignal;
  readonly end: (why: unknown) => void;
  /** The answer has begun to come: only the engine's silence ends it from now on. */
  readonly answered: () => void;
  readonly close: () => void;
};

function openCall(request: string, limitMs: number, health: Health): Call {
  const cut = new AbortController();
  const over = new AbortController();
  const expire = () =>
    cut.abort(engineAbsent(`${request} was not answered within ${limitMs / 1000} seconds`));
  const timer = limitMs === 0 ? undefined : setTimeout(expire, limitMs).unref();
  const watched = health.watch({ end: (fault) => cut.abort(fault) });
  return {
    signal: cut.signal,
    ended: over.signal,
    end: (why) => cut.abort(why),
    answered: () => clearTimeout(timer),
    close() {
      clearTimeout(timer);
      watched[Symbol.dispose]();
      over.abort();
    },
  };
}
