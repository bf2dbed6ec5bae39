import { expect, test } from 'vitest';
import { pauses } from '../../src/shared/pauses.ts';

/** Works without an await that lets timers fire. */
function work(ms: number): void {
  for (const until = performance.now() + ms; performance.now() < until; );
}

test('a long work with pauses lets a timer fire in its middle, and takes its turns in between', async () => {
  const pause = pauses();
  let fired = 0;
  const timer = setInterval(() => {
    fired += 1;
  }, 1);
  for (let step = 0; step < 40; step += 1) {
    work(5);
    await pause();
  }
  clearInterval(timer);
  expect(fired).toBeGreaterThan(3);
});

test('a short work takes no pause', () => {
  expect(pauses()()).toBeUndefined();
});
