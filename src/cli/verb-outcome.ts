import type { Shown } from '../words/terminal.ts';

/** The outcome of a verb that has a separate document. */
export type VerbOutcome = {
  /** For `--json`. */
  readonly document: { readonly schema: string; readonly [key: string]: unknown };
  /** For people; ends without a line break. */
  readonly text: Shown;
  /** The number of entries or branches, failed or not. */
  readonly count: number;
  readonly failures: readonly { readonly code: string; readonly error: unknown }[];
};
