import type { FailureCode } from '../shared/failure.ts';
import type { EntryReport } from '../slim/run-entry.ts';

/** Exit codes of the contract. */
export const EXIT = { done: 0, finding: 1, user: 2, internal: 3, interrupted: 130 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Failures that are findings about the entry, and not something that the user has set up wrongly. */
const FINDINGS: ReadonlySet<FailureCode> = new Set(['verify-failed', 'baseline-unstable', 'too-big']);

/** The exit code of a run; among several entries any failure is a finding, but for our own defects. */
export function exitCodeOf(
  reports: readonly EntryReport[],
  options: {
    readonly exitCodeOnChange: boolean;
    /** Whether it was a run over many, also where there was only one to do. */
    readonly many?: boolean;
  },
): ExitCode {
  const codes = reports.flatMap(({ result }) =>
    result.status === 'failed' ? [result.code as FailureCode] : [],
  );
  if (codes.includes('interrupted')) return EXIT.interrupted;
  if (codes.includes('internal')) return EXIT.internal;
  const [only] = codes;
  if (only !== undefined)
    return options.many || reports.length > 1 || FINDINGS.has(only) ? EXIT.finding : EXIT.user;
  const wouldChange = reports.some(({ changes }) => changes.length > 0);
  return options.exitCodeOnChange && wouldChange ? EXIT.finding : EXIT.done;
}
