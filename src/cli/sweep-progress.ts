import type { SweepEvent, SweepListener } from '../sweep/event.ts';
import { type Shown, show } from '../words/terminal.ts';
import { createLiveLines, isLive, report } from './terminal.ts';

/** Shows the progress of a sweep on standard error; disposing of it clears the lines that change. */
export type SweepProgress = Disposable & { readonly on: SweepListener };

/** One line for each entry in progress; without a terminal, a plain line for each event. */
export function showSweepProgress({ quiet }: { readonly quiet: boolean }): SweepProgress {
  if (quiet) return { on: () => undefined, [Symbol.dispose]: () => undefined };
  return isLive() ? liveProgress() : plainProgress();
}

/** Counts finished entries; each line begins with the time since the start. */
function plainProgress(): SweepProgress {
  const begun = performance.now();
  const count = createCount();
  const say = (text: Shown) => report(show`${secondsSince(begun).padStart(7)} s  ${text}`);
  return {
    on(event) {
      count.take(event);
      const text = plainText(event, count);
      if (text !== null) say(text);
    },
    [Symbol.dispose]: () => undefined,
  };
}

function plainText(event: SweepEvent, count: Count): Shown | null {
  switch (event.type) {
    case 'sweep-started':
      return show`${event.resumed ? 'resuming' : 'starting'} a sweep of ${event.entries} entries`;
    case 'step':
      return show`${event.entry}: ${event.step}: ${event.detail}`;
    case 'entry-finished':
      return show`${event.entry}: ${outcomeOf(event)}  [${count.text()}]`;
    case 'notice':
      return show`${event.message}`;
    default:
      return null;
  }
}

function outcomeOf({ result, from }: Extract<SweepEvent, { type: 'entry-finished' }>): Shown {
  const { status, code, reason } = result;
  const why = code === null ? '' : show`, ${code}: ${reason ?? ''}`;
  return show`${status}${why}${from === 'journal' ? ', before this sweep was interrupted' : ''}`;
}

const REFRESH_MS = 200;

/** Outcomes stay above the lines that change. */
function liveProgress(): SweepProgress {
  const begun = performance.now();
  const live = createLiveLines();
  const count = createCount();
  const running = new Map<string, { since: number; text: string }>();
  const frame = () => {
    const lines = [...running].map(
      ([entry, { since, text }]) => show`  ${entry}  ${text}  ${secondsSince(since)} s`,
    );
    // only the count shows entries that wait for their turn
    return [...lines, show`${count.text()}  ${secondsSince(begun)} s`];
  };
  const timer = setInterval(() => live.show(frame()), REFRESH_MS);
  timer.unref();
  return {
    on(event) {
      count.take(event);
      const now = performance.now();
      if (event.type === 'entry-started') running.set(event.entry, { since: now, text: '' });
      else if (event.type === 'step') running.set(event.entry, { since: now, text: event.detail });
      else if (event.type === 'entry-finished') {
        running.delete(event.entry);
        if (event.result.status !== 'unchanged') live.keep(show`${event.entry}: ${outcomeOf(event)}`);
      } else if (event.type === 'notice') live.keep(show`${event.message}`);
    },
    [Symbol.dispose]() {
      clearInterval(timer);
      live.clear();
    },
  };
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
