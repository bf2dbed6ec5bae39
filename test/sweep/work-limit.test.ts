import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { startWorkLimit } from '../../src/sweep/work-limit.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const after = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

test('when the time is up, the work is stopped with the code timeout', async () => {
  using limit = startWorkLimit(1000);
  await vi.advanceTimersByTimeAsync(999);
  expect(limit.signal.aborted).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  expect(limit.signal.reason).toMatchObject({ code: 'timeout', message: 'it was not done within 1 seconds' });
});

test('time that is waited for a turn does not count, waits at once once', async () => {
  using limit = startWorkLimit(1000);
  await vi.advanceTimersByTimeAsync(400);
  const waits = Promise.all([limit.waiting(() => after(5000)), limit.waiting(() => after(8000))]);
  await vi.advanceTimersByTimeAsync(8000);
  await waits;
  await vi.advanceTimersByTimeAsync(599);
  expect(limit.signal.aborted).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  expect(limit.signal.aborted).toBe(true);
});

test('a wait that fails is over too', async () => {
  using limit = startWorkLimit(1000);
  await expect(limit.waiting(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  await vi.advanceTimersByTimeAsync(1000);
  expect(limit.signal.aborted).toBe(true);
});

test('work that is done is stopped no more, also where a wait ends after that', async () => {
  const limit = startWorkLimit(1000);
  const wait = limit.waiting(() => after(10));
  limit[Symbol.dispose]();
  await vi.advanceTimersByTimeAsync(5000);
  await wait;
  expect(limit.signal.aborted).toBe(false);
  expect(vi.getTimerCount()).toBe(0);
});
