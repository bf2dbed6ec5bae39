import type { Document } from '../../words/document.ts';
import type { CheckReport } from '../run-check.ts';

/** What a report is shown with. */
export type ShownReport = Pick<CheckReport, 'root' | 'findings'> & {
  /** Host path that paths are told from: where a CI has its checkout, else the current directory. */
  readonly base: string;
};

/** A form of a report for other programs. */
export type Format = {
  readonly name: string;
  readonly show: (shown: ShownReport) => Document;
};
