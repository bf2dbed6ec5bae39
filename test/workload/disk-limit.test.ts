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
  const container: Pick<Container, 'writtenBytes' | 'kill'> = {
    async writtenBytes() {
      bytes += bytesAtOnce;
      return bytes;
    },
    kill: async () => end({ exitCode: 137, outOfMemory: false }),
  };
  return { container: container as Container, exit, end };
}

const NEVER = new AbortController().signal;

test('a program that writes more than it may is killed, and that is the reason', async () => {
  const { container, exit } = writing(600);
  const end = endWithinDisk(container, exit, { diskBytes: 1000, beforeBytes: 0, over: NEVER });
  await expect(end).rejects.toMatchObject({
    code: 'limit-exceeded',
    hint: expect.stringContaining('workload.limits.disk'),
  });
});

test('what was in the container before does not count', async () => {
  const { container, exit, end } = writing(600);
  setTimeout(() => end({ exitCode: 0, outOfMemory: false }), 1500);
  const ended = endWithinDisk(container, exit, { diskBytes: 1000, beforeBytes: 600, over: NEVER });
  expect(await ended).toEqual({ exitCode: 0, outOfMemory: false });
});

test('a program that SIGXFSZ ended has exceeded the same limit', async () => {
  const { container } = writing(0);
  const exit = Promise.resolve({ exitCode: 153, outOfMemory: false });
  const end = endWithinDisk(container, exit, { diskBytes: 1000, beforeBytes: 0, over: NEVER });
  await expect(end).rejects.toMatchObject({ code: 'limit-exceeded' });
});
