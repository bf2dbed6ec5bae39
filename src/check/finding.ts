import type { Place, SourceFile, TextRange } from '../shared/diagnostic.ts';

/**
 * How grave a finding is. An `error` breaks the build, the boot or the catalog's own machinery; only it fails a run.
 */
export const SEVERITIES = ['error', 'warning', 'note'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Whether a level is as severe as another, or more severe. */
export function isAtLeast(level: Severity, other: Severity): boolean {
  return SEVERITIES.indexOf(level) <= SEVERITIES.indexOf(other);
}

/** A part of a file and what comes in its place. A file that is not there is made by an edit of its empty text. */
export type Edit = { readonly file: string; readonly range: TextRange; readonly replacement: string };

/** What a rule has to say about one place. */
export type RuleFault = {
  /** Relative to the catalog's root, with slashes. */
  readonly file: string;
  /** Null for a file as a whole, and for one that is not there. */
  readonly range: TextRange | null;
  /** Lower-case, without a full stop; both sides of a conflict are named. */
  readonly message: string;
  /** What fixes it without a change of what is built or run; none where a person has to decide. */
  readonly edits?: readonly Edit[];
};

/** A problem with the rule that found it. */
export type Finding = {
  readonly code: string;
  readonly severity: Severity;
  /** The entry relative to the catalog's root; `.` for the catalog as a whole. */
  readonly entry: string;
  readonly file: string;
  readonly place: Place;
  readonly message: string;
  readonly edits: readonly Edit[];
  /** The file that the place is in; null where it is not there. */
  readonly source: SourceFile | null;
};
