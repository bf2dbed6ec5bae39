import yoctoSpinner from 'yocto-spinner';
import type { Listener } from '../slim/event.ts';
import { printable } from './printable.ts';

/** Shows what is going on, on standard error; disposing of it clears the line. */
export type Progress = Disposable & { readonly listener: Listener };

const REFRESH_MS = 100;

/** A line that counts the seconds of the running step; without a terminal one plain line for each step. */
export function showProgress(options: { readonly quiet: boolean }): Progress {
  if (options.quiet) return { listener: () => undefined, [Symbol.dispose]: () => undefined };
  return process.stderr.isTTY ? liveProgress() : plainProgress();
}

function plainProgress(): Progress {
  const begun = performance.now();
  return {
    listener(event) {
      if (event.type !== 'step') return;
      const seconds = ((performance.now() - begun) / 1000).toFixed(1).padStart(6);
      process.stderr.write(`${seconds} s  ${event.entry}: ${event.step}: ${event.detail}\n`);
    },
    [Symbol.dispose]: () => undefined,
  };
}

function liveProgress(): Progress {
  const begun = performance.now();
  // its own handlers would end the process before anything is tidied up
  const spinner = yoctoSpinner({ stream: process.stderr, handleSignals: false });
  let text = '';
  let stepBegun = begun;
  const timer = setInterval(() => {
    const now = performance.now();
    spinner.text = `${text}  ${toSeconds(now - stepBegun)} of ${toSeconds(now - begun)} s`;
  }, REFRESH_MS);
  timer.unref();
  return {
    listener(event) {
      if (event.type === 'step') {
        stepBegun = performance.now();
        text = `${event.entry}  ${event.detail}`;
        if (!spinner.isSpinning) spinner.start(text);
      } else text = `${event.entry}  ${printable(event.line).slice(0, 60)}`;
    },
    [Symbol.dispose]() {
      clearInterval(timer);
      spinner.stop();
    },
  };
}

function toSeconds(ms: number): string {
  return (ms / 1000).toFixed(1);
}
