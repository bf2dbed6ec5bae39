import type { Shown } from '../words/terminal.ts';

/** What became of a verb with a document of its own. */
export type VerbOutcome = {
  /** For `--json`. */
  readonly document: { readonly schema: string; readonly [key: string]: unknown };
  /** For people; ends without a line break. */
  readonly text: Shown;
  /** Among how many things something may have failed. */
  readonly count: number;
  readonly failures: readonly { readonly code: string; readonly error: unknown }[];
};
