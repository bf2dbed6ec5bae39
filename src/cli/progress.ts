import type { Listener } from '../slim/event.ts';
import { cutTo, type Shown, show } from '../words/terminal.ts';
import { createSpinner, isLive, report } from './terminal.ts';

/** Shows the progress on standard error; disposing of it clears the line. */
export type Progress = Disposable & { readonly listener: Listener };

const REFRESH_MS = 100;

/** A line that counts the seconds of the running step; without a terminal one plain line for each step. */
export function showProgress(options: { readonly quiet: boolean }): Progress {
  if (options.quiet) return { listener: () => undefined, [Symbol.dispose]: () => undefined };
  return isLive() ? liveProgress() : plainProgress();
}

function plainProgress(): Progress {
  const begun = performance.now();
  return {
    listener(event) {
      if (event.type === 'notice') report(show`${event.message}`);
      if (event.type !== 'step') return;
      const seconds = ((performance.now() - begun) / 1000).toFixed(1).padStart(6);
      report(show`${seconds} s  ${event.entry}: ${event.step}: ${event.detail}`);
    },
    [Symbol.dispose]: () => undefined,
  };
}

function liveProgress(): Progress {
  const begun = performance.now();
  const spinner = createSpinner();
  let text: Shown | null = null;
  let stepBegun = begun;
  const timer = setInterval(() => {
    const now = performance.now();
    if (text !== null)
      spinner.show(show`${text}  ${toSeconds(now - stepBegun)} of ${toSeconds(now - begun)} s`);
  }, REFRESH_MS);
  timer.unref();
  return {
    listener(event) {
      if (event.type === 'step') {
        stepBegun = performance.now();
        text = show`${event.entry}  ${event.detail}`;
        spinner.show(text);
      } else if (event.type === 'notice') {
        spinner.keep(show`${event.message}`);
      } else if (event.type === 'build-log') text = show`${event.entry}  ${cutTo(show`${event.line}`, 60)}`;
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
