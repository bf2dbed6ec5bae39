import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Below it nothing is gained, in bytes: the program itself and one entry take about as much. */
const ENOUGH_BYTES = 160 * 1024 ** 2;

let collect: (() => void) | undefined;

/**
 * Gives back the memory of what was read and is over. V8 lets garbage grow to gigabytes where the machine has many, and
 * a sweep reads one large text after the other. A collection takes about a tenth of a second.
 */
export function trimMemory(): void {
  if (process.memoryUsage.rss() < ENOUGH_BYTES) return;
  collect ??= collector();
  collect();
}

/** V8's own collector, which only this flag shows. */
function collector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}
