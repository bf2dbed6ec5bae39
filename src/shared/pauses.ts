import { setImmediate } from 'node:timers/promises';

/** For so long a work may keep the process for itself: a signal, a time limit and other entries wait as long. */
const TURN_MS = 20;

/**
 * A pause for a long work over foreign text or files, to be awaited between its steps: undefined, which takes no time,
 * until the work has kept the process for its turn. Then all that waits goes on first.
 */
export function pauses(): () => Promise<void> | undefined {
  let since = performance.now();
  const rest = async () => {
    await setImmediate();
    since = performance.now();
  };
  return () => (performance.now() - since < TURN_MS ? undefined : rest());
}
