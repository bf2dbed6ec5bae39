import type { Listener, Step } from './event.ts';
import type { Result, Warning } from './result.ts';
import type { Stopwatch } from './stopwatch.ts';

/** Hears warnings. */
export type WarningListener = { readonly warn: (warning: Warning) => void };

/** What the work on a unit reports to: it hears, and does nothing that the work waits for. */
export type Reporter = WarningListener & {
  /** The name of the unit, as events have it. */
  readonly entry: string;
  readonly on: Listener;
  /** Reports that a part of the work begins. */
  readonly step: (step: Step, detail: string) => void;
  /** Keeps what is found out, so that a later failure does not forget it. */
  readonly learn: (found: Partial<Learnt>) => void;
  readonly time: Stopwatch['time'];
  readonly seconds: Stopwatch['seconds'];
};

/** A reporter of one unit. */
export function reporterOf(entry: string, to: Omit<Reporter, 'entry' | 'step'>): Reporter {
  return { ...to, entry, step: (step, detail) => to.on({ type: 'step', entry, step, detail }) };
}

/** What a result says even if the work fails after it was found out. */
type Learnt = Pick<Result, 'launches' | 'workload' | 'before' | 'after' | 'runtime' | 'stages' | 'promise'>;
