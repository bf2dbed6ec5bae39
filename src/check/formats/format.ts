import type { CheckReport } from '../run-check.ts';

/** What a report is shown with. */
export type Shown = Pick<CheckReport, 'root' | 'findings'> & {
  /** Host path that paths are told from: where a CI has its checkout, else the current directory. */
  readonly base: string;
};

/** A form of a report for other programs. */
export type Format = {
  readonly name: string;
  /** The whole of it, without a line break at its end. */
  readonly show: (shown: Shown) => string;
};
