import { expect, test } from 'vitest';
import type { Container } from '../../src/engine/engine.ts';
import { endWithinDisk } from '../../src/workload/disk-limit.ts';

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

test('a program that writes more than it may is killed, and that is the reason', async () => {
  const { container, writtenBytes, exit } = writing(600);
  const end = endWithinDisk(container, exit, { diskBytes: 1000, beforeBytes: 0, writtenBytes, over: NEVER });
  await expect(end).rejects.toMatchObject({
    code: 'limit-exceeded',
    hint: expect.stringContaining('workload.limits.disk'),
  });
});

test('what was in the container before does not count', async () => {
  const { container, writtenBytes, exit, end } = writing(600);
  setTimeout(() => end({ exitCode: 0, outOfMemory: false }), 1500);
  const ended = endWithinDisk(container, exit, {
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
  const end = endWithinDisk(container, exit, { diskBytes: 1000, beforeBytes: 0, writtenBytes, over: NEVER });
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
  const ended = endWithinDisk(container, exit, {
    diskBytes: 1000,
    beforeBytes: 0,
    writtenBytes,
    over: over.signal,
  });
  expect(await ended).toEqual({ exitCode: 137, outOfMemory: false });
});
