import type { Document } from '../../words/document.ts';
import type { Severity } from '../finding.ts';
import type { CheckReport } from '../run-check.ts';

/** What a report is shown with. */
export type ShownReport = Pick<CheckReport, 'root' | 'findings'> & {
  /** Host path that paths are relative to: where a CI has its checkout, else the current directory. */
  readonly base: string;
  /** Findings of this level or a more severe level make the command fail. */
  readonly failOn: Severity;
};

/** A form of a report for other programs. */
export type Format = {
  readonly name: string;
  readonly show: (shown: ShownReport) => Document;
};
