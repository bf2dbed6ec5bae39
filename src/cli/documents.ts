import { messageOf, UserError } from '../shared/failure.ts';
import type { Result } from '../slim/result.ts';
import { toSeconds } from '../slim/stopwatch.ts';

/** The contract's document for several entries. */
export type SweepDocument = {
  readonly schema: 'kraft-slim/sweep/1';
  readonly results: readonly Result[];
  readonly totals: {
    readonly slimmed: number;
    readonly unchanged: number;
    readonly skipped: number;
    readonly failed: number;
    readonly beforeBytes: number;
    readonly afterBytes: number;
    readonly seconds: number;
  };
};

/** `elapsedMs` is wall time. Bytes are sums over the results whose two sizes are both known. */
export function sweepDocument(results: readonly Result[], elapsedMs: number): SweepDocument {
  const count = (status: Result['status']) => results.filter((result) => result.status === status).length;
  const known = results.filter(({ before, after }) => before !== null && after !== null);
  return {
    schema: 'kraft-slim/sweep/1',
    results,
    totals: {
      slimmed: count('slimmed'),
      unchanged: count('unchanged'),
      skipped: count('skipped'),
      failed: count('failed'),
      beforeBytes: known.reduce((sum, { before }) => sum + (before?.bytes ?? 0), 0),
      afterBytes: known.reduce((sum, { after }) => sum + (after?.bytes ?? 0), 0),
      seconds: toSeconds(elapsedMs),
    },
  };
}

/** The contract's document for a run without a result. */
export type ErrorDocument = {
  readonly schema: 'kraft-slim/error/1';
  readonly code: string;
  readonly message: string;
  readonly hint: string | null;
};

export function errorDocument(error: unknown): ErrorDocument {
  const known = error instanceof UserError ? error : null;
  return {
    schema: 'kraft-slim/error/1',
    code: known?.code ?? 'internal',
    message: messageOf(error),
    hint: known?.hint ?? null,
  };
}
