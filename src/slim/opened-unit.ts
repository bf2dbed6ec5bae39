import type { Reporter } from './reporter.ts';
import type { Result } from './result.ts';
import type { Task } from './task.ts';
import type { Tools } from './tools.ts';

/** A unit with all that was read of it. */
export type OpenedUnit = {
  readonly task: Task;
  /** The Dockerfile as it is on disk. */
  readonly text: string;
  /** Reached only when they are needed: they need an engine. */
  readonly tools: () => Promise<Tools>;
  readonly reporter: Reporter;
  /** What is known of the result by now. */
  readonly known: () => Result;
};

/** What the work on a unit found out; whatever it leaves out is unknown. */
export type Findings = Partial<Omit<Result, 'schema' | 'entry' | 'class' | 'warnings' | 'seconds'>> & {
  readonly status: 'slimmed' | 'unchanged';
};
