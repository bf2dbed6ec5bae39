import { UserError } from '../shared/failure.ts';
import { restoreTerminal } from './terminal.ts';

/** Ctrl-C, a polite kill, and a terminal that goes away. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Stops a run on a signal of the system; disposing of it removes the handlers. */
export type Interrupt = Disposable & { readonly signal: AbortSignal };

/**
 * Aborts the signal at the first Ctrl-C or kill, so that the run tidies up. At the second, the caller ends the
 * process at once. The handlers stay for both: a library that restores the terminal kills the process if it finds no
 * other handler.
 */
export function listenForInterrupt(endAtOnce: () => void): Interrupt {
  const interrupt = new AbortController();
  const onSignal = () => {
    if (!interrupt.signal.aborted) {
      interrupt.abort(interrupted());
      return;
    }
    restoreTerminal();
    endAtOnce();
  };
  for (const name of SIGNALS) process.on(name, onSignal);
  return {
    signal: interrupt.signal,
    [Symbol.dispose]() {
      for (const name of SIGNALS) process.off(name, onSignal);
    },
  };
}

/** The error of an interrupted run without a result. */
export function interrupted(cause?: unknown): UserError {
  return new UserError('interrupted', 'interrupted before the work was done', {
    hint: 'run the same command again to resume',
    ...(cause === undefined ? {} : { cause }),
  });
}

/** The last line of an interrupted run over entries. */
export function interruptedLine({ done, of }: { readonly done: number; readonly of: number }): string {
  return `interrupted; ${done} of ${of} entries done; run the same command again to resume`;
}
