import type { Seconds } from './result.ts';

/** A part of the work that takes time, as people see it pass by. */
export type Step = Exclude<keyof Seconds, 'total'> | 'static' | 'read' | 'write';

/** What happens while an entry is slimmed. The core reports it; the terminal is one listener among others. */
export type SlimEvent =
  | { readonly type: 'step'; readonly entry: string; readonly step: Step; readonly detail: string }
  /** What the answers of a baseline that differ have in common, see `settleBaseline`. */
  | { readonly type: 'template'; readonly entry: string; readonly kraftfile: string; readonly text: string }
  /** Something that who waits should know. */
  | { readonly type: 'notice'; readonly message: string }
  | { readonly type: 'build-log'; readonly entry: string; readonly line: string };

export type Listener = (event: SlimEvent) => void;
