import { createLogUpdate } from 'log-update';
import type { SweepEvent, SweepListener } from '../sweep/event.ts';
import { printable } from './printable.ts';

/** Shows how far a sweep is, on standard error; disposing of it clears what will not stay. */
export type SweepProgress = Disposable & { readonly on: SweepListener };

/** One line for each entry that is worked on; without a terminal a plain line for each thing that happens. */
export function showSweepProgress({ quiet }: { readonly quiet: boolean }): SweepProgress {
  if (quiet) return { on: () => undefined, [Symbol.dispose]: () => undefined };
  return process.stderr.isTTY ? liveProgress() : plainProgress();
}

/** Counts what is done; each line is told with the time since the beginning. */
function plainProgress(): SweepProgress {
  const begun = performance.now();
  const count = createCount();
  const say = (text: string) => process.stderr.write(`${secondsSince(begun).padStart(7)} s  ${text}\n`);
  return {
    on(event) {
      count.take(event);
      const text = plainText(event, count);
      if (text !== null) say(text);
    },
    [Symbol.dispose]: () => undefined,
  };
}

function plainText(event: SweepEvent, count: Count): string | null {
  switch (event.type) {
    case 'sweep-started':
      return `${event.resumed ? 'going on with' : 'beginning'} a sweep of ${event.entries} entries`;
    case 'step':
      return `${event.entry}: ${event.step}: ${event.detail}`;
    case 'entry-finished':
      return `${event.entry}: ${outcomeOf(event)}  [${count.text()}]`;
    case 'notice':
      return event.message;
    default:
      return null;
  }
}

function outcomeOf({ result, from }: Extract<SweepEvent, { type: 'entry-finished' }>): string {
  const { status, code, reason } = result;
  const why = code === null ? '' : `, ${code}: ${printable(reason ?? '')}`;
  return `${status}${why}${from === 'journal' ? ', before this sweep was broken off' : ''}`;
}

const REFRESH_MS = 200;

/** What stays (an outcome) is written above the lines that come and go. */
function liveProgress(): SweepProgress {
  const begun = performance.now();
  const live = createLogUpdate(process.stderr);
  const count = createCount();
  const running = new Map<string, { since: number; text: string }>();
  const frame = () => {
    const lines = [...running].map(
      ([entry, { since, text }]) => `  ${entry}  ${text}  ${secondsSince(since)} s`,
    );
    // entries that wait for their turn are told by the count alone
    return [...lines, `${count.text()}  ${secondsSince(begun)} s`].map(cut).join('\n');
  };
  const timer = setInterval(() => live(frame()), REFRESH_MS);
  timer.unref();
  return {
    on(event) {
      count.take(event);
      const now = performance.now();
      if (event.type === 'entry-started') running.set(event.entry, { since: now, text: '' });
      else if (event.type === 'step') running.set(event.entry, { since: now, text: event.detail });
      else if (event.type === 'entry-finished') {
        running.delete(event.entry);
        if (event.result.status !== 'unchanged') live.persist(`${event.entry}: ${outcomeOf(event)}`);
      } else if (event.type === 'notice') live.persist(event.message);
    },
    [Symbol.dispose]() {
      clearInterval(timer);
      live.clear();
      // shows the cursor again
      live.done();
    },
  };
}

/** A line that is wrapped would be counted wrongly. */
function cut(line: string): string {
  return line.slice(0, (process.stderr.columns || 80) - 1);
}

type Count = { readonly take: (event: SweepEvent) => void; readonly text: () => string };

/** `12 of 194: 3 slimmed, 8 unchanged, 1 failed`. */
function createCount(): Count {
  let of = 0;
  let done = 0;
  const by = { slimmed: 0, unchanged: 0, skipped: 0, failed: 0 };
  return {
    take(event) {
      if (event.type === 'sweep-started') of = event.entries;
      if (event.type !== 'entry-finished') return;
      done += 1;
      by[event.result.status] += 1;
    },
    text: () => {
      const parts = Object.entries(by).flatMap(([status, number]) =>
        number === 0 ? [] : [`${number} ${status}`],
      );
      const all = of === 0 ? '' : ` of ${of}`;
      return `${done}${all}${parts.length === 0 ? '' : `: ${parts.join(', ')}`}`;
    },
  };
}

function secondsSince(begun: number): string {
  return ((performance.now() - begun) / 1000).toFixed(1);
}
