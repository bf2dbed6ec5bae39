import type { SlimEvent } from '../slim/event.ts';
import type { Result } from '../slim/result.ts';

/** What happens while a catalog is swept. `entry` is its name, as in results. */
export type SweepEvent =
  | SlimEvent
  /**
   * `entries`: how many there are to do, those left out by class not among them; `resumed`: whether an earlier sweep
   * goes on.
   */
  | { readonly type: 'sweep-started'; readonly entries: number; readonly resumed: boolean }
  | { readonly type: 'entry-started'; readonly entry: string }
  /** `from`: done now, or by the sweep that is resumed. */
  | {
      readonly type: 'entry-finished';
      readonly entry: string;
      readonly from: 'work' | 'journal';
      readonly result: Result;
    }
  | { readonly type: 'sweep-ended'; readonly interrupted: boolean };

export type SweepListener = (event: SweepEvent) => void;
