import { describe, expect, test } from 'vitest';
import type { Container } from '../../src/engine/engine.ts';
import { withinDisk } from '../../src/workload/disk-limit.ts';

/** A program that writes on, until it is killed. */
function writing(bytesAtOnce: number) {
  let bytes = 0;
  let end: (exit: { exitCode: number; outOfMemory: boolean }) => void = () => undefined;
  const exit = new Promise<{ exitCode: number; outOfMemory: boolean }>((resolve) => {
    end = resolve;
  });
  const writtenBytes = async () => {
    bytes += bytesAtOnce;
    return bytes;
  };
  const kill: Container['kill'] = async () => end({ exitCode: 137, outOfMemory: false });
  return { container: { kill }, writtenBytes, exit, end };
}

const NEVER = new AbortController().signal;

const endOfApp = (...args: Parameters<typeof withinDisk<{ exitCode: number; outOfMemory: boolean }>>) =>
  withinDisk(...args).exit;

test('a program that writes more than it may is killed, and that is the reason', async () => {
  const { container, writtenBytes, exit } = writing(600);
  const end = endOfApp(container, exit, { diskBytes: 1000, beforeBytes: 0, writtenBytes, over: NEVER });
  await expect(end).rejects.toMatchObject({
    code: 'limit-exceeded',
    hint: expect.stringContaining('workload.limits.disk'),
  });
});

test('what was in the container before does not count', async () => {
  const { container, writtenBytes, exit, end } = writing(600);
  setTimeout(() => end({ exitCode: 0, outOfMemory: false }), 1500);
  const ended = endOfApp(container, exit, {
    diskBytes: 1000,
    beforeBytes: 600,
    writtenBytes,
    over: NEVER,
  });
  expect(await ended).toEqual({ exitCode: 0, outOfMemory: false });
});

test('a program that SIGXFSZ ended has exceeded the same limit', async () => {
  const { container, writtenBytes } = writing(0);
  const exit = Promise.resolve({ exitCode: 153, outOfMemory: false });
  const end = endOfApp(container, exit, { diskBytes: 1000, beforeBytes: 0, writtenBytes, over: NEVER });
  await expect(end).rejects.toMatchObject({ code: 'limit-exceeded' });
});

test('what is measured when the program is being removed does not count', async () => {
  const { container, exit, end } = writing(0);
  const over = new AbortController();
  const writtenBytes = async () => {
    over.abort();
    end({ exitCode: 137, outOfMemory: false });
    return Number.POSITIVE_INFINITY;
  };
  const ended = endOfApp(container, exit, {
    diskBytes: 1000,
    beforeBytes: 0,
    writtenBytes,
    over: over.signal,
  });
  expect(await ended).toEqual({ exitCode: 137, outOfMemory: false });
});

describe('an app that failed at the limit before a poll saw that', () => {
  const FULL = { diskBytes: 1000, beforeBytes: 0, writtenBytes: async () => 1000, over: NEVER };

  test.each([0, 1])('and has ended with exit code %i has exceeded the limit', async (exitCode) => {
    const { container } = writing(0);
    const exit = Promise.resolve({ exitCode, outOfMemory: false });
    await expect(endOfApp(container, exit, FULL)).rejects.toMatchObject({ code: 'limit-exceeded' });
  });

  test('and still runs has exceeded the limit when its run checks', async () => {
    const { container, exit } = writing(0);
    const { check } = withinDisk(container, exit, FULL);
    await expect(check()).rejects.toMatchObject({ code: 'limit-exceeded' });
  });

  test('has kept the limit where it wrote less', async () => {
    const { container, exit } = writing(0);
    await withinDisk(container, exit, { ...FULL, writtenBytes: async () => 999 }).check();
  });

  test('is not counted when its run is over', async () => {
    const { container, exit } = writing(0);
    await withinDisk(container, exit, { ...FULL, over: AbortSignal.abort() }).check();
  });
});
