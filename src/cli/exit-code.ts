import type { FailureCode } from '../shared/failure.ts';
import type { EntryReport } from '../slim/run-entry.ts';

/** Exit codes of the contract. */
export const EXIT = { done: 0, finding: 1, user: 2, internal: 3, interrupted: 130 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Failures that are findings about the entry; all others come from the user's set-up. */
const FINDINGS: ReadonlySet<string> = new Set([
  'verify-failed',
  'baseline-unstable',
  'boot-failed',
  'too-big',
]);

/** The exit code of a run; among several entries any failure is a finding, except a bug of kraft-slim. */
export function exitCodeOf(
  reports: readonly EntryReport[],
  options: {
    readonly exitCodeOnChange: boolean;
    /** Whether the run was over many entries, even if it had only one to do. */
    readonly many?: boolean;
  },
): ExitCode {
  const codes = reports.flatMap(({ result }) =>
    result.status === 'failed' ? [result.code as FailureCode] : [],
  );
  const failed = exitCodeOfFailures(codes, options.many === true ? Number.POSITIVE_INFINITY : reports.length);
  if (failed !== EXIT.done) return failed;
  const wouldChange = reports.some(({ changes }) => changes.length > 0);
  return options.exitCodeOnChange && wouldChange ? EXIT.finding : EXIT.done;
}

/** The same for any verb: the codes of the failures, and the number of entries. */
export function exitCodeOfFailures(codes: readonly string[], count: number): ExitCode {
  if (codes.includes('interrupted')) return EXIT.interrupted;
  if (codes.includes('internal')) return EXIT.internal;
  const [only] = codes;
  if (only === undefined) return EXIT.done;
  return count > 1 || FINDINGS.has(only) ? EXIT.finding : EXIT.user;
}
