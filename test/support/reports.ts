import { emptyResult, type Result } from '../../src/slim/result.ts';
import type { EntryReport } from '../../src/slim/run-entry.ts';

/** A report of an entry of which only this is known. */
export function reportOf(result: Partial<Result>, rest: Partial<EntryReport> = {}): EntryReport {
  return {
    result: { ...emptyResult(result.entry ?? 'library/a'), ...result },
    changes: [],
    error: null,
    ...rest,
  };
}
