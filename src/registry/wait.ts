/** How patient a client is. */
export type Patience = {
  /** How often a request is made at most. */
  readonly attempts: number;
  /** The longest that is waited between two. */
  readonly maxWaitMs: number;
  /** The first wait if the registry gives none; it doubles each time. */
  readonly firstWaitMs: number;
};

export const PATIENCE: Patience = { attempts: 4, maxWaitMs: 60_000, firstWaitMs: 500 };

/** The headers that are looked at. */
type Headers = { get(name: string): string | null };

/** Answers that may be another in a moment. */
const PASSING = new Set([408, 429, 500, 502, 503, 504]);

/**
 * What to do after an answer, or after none (`status` 0): take it, wait and ask again, or give up, with the time that
 * the registry wants where it says so.
 */
export type Next =
  | { readonly kind: 'take' }
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'give-up'; readonly wantedMs: number | null };

/** Decides from the number of requests made so far, one at least. `now` is in milliseconds of the epoch. */
export function nextStep(
  answer: { readonly status: number; readonly headers: Headers },
  progress: { readonly attempts: number; readonly now: number },
  patience: Patience = PATIENCE,
): Next {
  if (answer.status !== 0 && !PASSING.has(answer.status)) return { kind: 'take' };
  const wantedMs = retryAfterMs(answer.headers, progress.now);
  if (progress.attempts >= patience.attempts) return { kind: 'give-up', wantedMs };
  if (wantedMs !== null && wantedMs > patience.maxWaitMs) return { kind: 'give-up', wantedMs };
  const doubled = patience.firstWaitMs * 2 ** (progress.attempts - 1);
  return { kind: 'wait', ms: Math.min(wantedMs ?? doubled, patience.maxWaitMs) };
}

/**
 * How long an answer asks to be left alone: `Retry-After` in seconds or as a date (RFC 9110 section 10.2.3), else
 * what is left of the window whose limit is used up; null where it says nothing.
 */
export function retryAfterMs(headers: Headers, now: number): number | null {
  const text = headers.get('retry-after')?.trim() ?? '';
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const date = Date.parse(text);
  if (!Number.isNaN(date)) return Math.max(0, date - now);
  return exhaustedMs(headers);
}

/**
 * For how long no more requests are allowed, if an answer was the last answer of its window: `RateLimit-Remaining` and
 * `RateLimit-Reset` (seconds), or the same in the one header `RateLimit`, draft-ietf-httpapi-ratelimit-headers. null
 * if some are left, or if the registry gives no time (Docker Hub).
 */
export function exhaustedMs(headers: Headers): number | null {
  const joined = headers.get('ratelimit') ?? '';
  const remaining =
    /^\s*(\d+)/.exec(headers.get('ratelimit-remaining') ?? '') ?? /\b(?:remaining|r)=(\d+)/.exec(joined);
  const reset = /^\s*(\d+)/.exec(headers.get('ratelimit-reset') ?? '') ?? /\b(?:reset|t)=(\d+)/.exec(joined);
  if (remaining === null || reset === null || Number(remaining[1]) > 0) return null;
  return Number(reset[1]) * 1000;
}
