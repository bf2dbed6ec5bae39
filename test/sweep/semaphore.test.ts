import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSemaphore } from '../../src/sweep/semaphore.ts';

const NEVER = new AbortController().signal;
setMaxListeners(0, NEVER);

/** Lets everything go on that waits for nothing. */
const settle = () => sleep(1);

test('never gives more than there is, and serves everyone', async () => {
  const amounts = fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 10 }), amounts, async (capacity, wanted) => {
      const semaphore = createSemaphore(capacity);
      let taken = 0;
      let served = 0;
      await Promise.all(
        wanted.map(async (units) => {
          const turn = await semaphore.take(units, NEVER);
          taken += Math.min(units, capacity);
          expect(taken).toBeLessThanOrEqual(capacity);
          await Promise.resolve();
          taken -= Math.min(units, capacity);
          served += 1;
          turn[Symbol.dispose]();
        }),
      );
      expect(served).toBe(wanted.length);
    }),
  );
});

test('serves in the order of asking: who wants little does not pass who wants much', async () => {
  const semaphore = createSemaphore(4);
  const order: string[] = [];
  const first = await semaphore.take(3, NEVER);
  const much = semaphore.take(4, NEVER).then((turn) => {
    order.push('much');
    turn[Symbol.dispose]();
  });
  const little = semaphore.take(1, NEVER).then(() => order.push('little'));
  await settle();
  expect(order).toEqual([]);
  first[Symbol.dispose]();
  await Promise.all([much, little]);
  expect(order).toEqual(['much', 'little']);
});

test('what is given back twice counts once', async () => {
  const semaphore = createSemaphore(1);
  const turn = await semaphore.take(1, NEVER);
  turn[Symbol.dispose]();
  turn[Symbol.dispose]();
  await semaphore.take(1, NEVER);
  const next = semaphore.take(1, NEVER).then(() => 'served');
  expect(await Promise.race([next, settle()])).toBeUndefined();
});

test('who stops waiting leaves the place to the next', async () => {
  const semaphore = createSemaphore(2);
  const held = await semaphore.take(1, NEVER);
  const impatient = new AbortController();
  const much = semaphore.take(2, impatient.signal);
  const little = semaphore.take(1, NEVER);
  impatient.abort(new Error('enough'));
  await expect(much).rejects.toThrow('enough');
  await little;
  held[Symbol.dispose]();
  await expect(semaphore.take(1, impatient.signal)).rejects.toThrow('enough');
});
