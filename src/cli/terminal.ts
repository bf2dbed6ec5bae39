import { createLogUpdate } from 'log-update';
import yoctoSpinner from 'yocto-spinner';
import type { Document } from '../words/document.ts';
import { cutTo, linesOf, type Shown } from '../words/terminal.ts';

/** Prints a result for people, on standard output. */
export function print(text: Shown): void {
  process.stdout.write(linesOf(text));
}

/** Prints a result for other programs, on standard output. */
export function printDocument(document: Document): void {
  process.stdout.write(`${document}\n`);
}

/** Reports progress or a failure, on standard error. */
export function report(text: Shown): void {
  process.stderr.write(linesOf(text));
}

/** Writes for other programs what a CI reads from standard error. */
export function reportDocument(document: Document): void {
  process.stderr.write(`${document}\n`);
}

/** Calls back when standard output cannot be written. */
export function onPrintError(listener: (error: NodeJS.ErrnoException) => void): void {
  process.stdout.on('error', listener);
}

/** Resolves when all output has left the process: an exit would cut off output on its way to a pipe. */
export async function flushed(): Promise<void> {
  const emptied = (stream: NodeJS.WriteStream) =>
    new Promise<void>((resolve) => {
      stream.write('', () => resolve());
    });
  await Promise.all([emptied(process.stdout), emptied(process.stderr)]);
}

const SHOW_CURSOR = '\u001b[?25h';

/** Shows the cursor again where a run ends amid lines that change. */
export function restoreTerminal(): void {
  if (isLive()) process.stderr.write(`${SHOW_CURSOR}\n`);
}

/** Whether standard error is a terminal, where lines can change. */
export function isLive(): boolean {
  return process.stderr.isTTY === true;
}

/** Whether a person can read what is reported, and answer. */
export function canAsk(): boolean {
  return isLive() && process.stdin.isTTY === true;
}

/** Resolves at the next line of standard input, at its end, or when the signal is aborted. */
export async function untilLine(signal: AbortSignal): Promise<void> {
  const { stdin } = process;
  await new Promise<void>((resolve) => {
    for (const event of ['data', 'end'] as const) stdin.once(event, () => resolve());
    signal.addEventListener('abort', () => resolve(), { once: true });
    if (signal.aborted) resolve();
    stdin.resume();
  });
  stdin.pause();
}

/** A line that turns, on standard error. */
export type Spinner = {
  readonly show: (text: Shown) => void;
  /** A line that stays, above the line that changes. */
  readonly keep: (line: Shown) => void;
  readonly stop: () => void;
};

/** The line appears with its first text. */
export function createSpinner(): Spinner {
  // the spinner's signal handlers would end the process before it tidies up
  const spinner = yoctoSpinner({ stream: process.stderr, handleSignals: false });
  return {
    show(text) {
      const line = withinLine(text);
      if (spinner.isSpinning) spinner.text = line;
      else spinner.start(line);
    },
    keep(line) {
      spinner.clear();
      report(line);
    },
    stop: () => spinner.stop(),
  };
}

/** Lines at the bottom of the terminal that change, and lines above them that stay. */
export type LiveLines = {
  readonly show: (lines: readonly Shown[]) => void;
  readonly keep: (line: Shown) => void;
  /** Removes the lines that change, for good. */
  readonly clear: () => void;
};

export function createLiveLines(): LiveLines {
  const live = createLogUpdate(process.stderr);
  return {
    show: (lines) => live(lines.map(withinLine).join('\n')),
    keep: (line) => live.persist(line.toString()),
    clear() {
      live.clear();
      // shows the cursor again
      live.done();
    },
  };
}

/** A line that the terminal wraps would count wrongly. */
function withinLine(text: Shown): string {
  return cutTo(text, (process.stderr.columns || 80) - 1).toString();
}
