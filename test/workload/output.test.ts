import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Container, OutputChunk } from '../../src/engine/engine.ts';
import { captureOutput, lastLines } from '../../src/workload/output.ts';

const MAX_BYTES = 4 * 1024 ** 2;
const BLOCK_BYTES = 64 * 1024;

/** What is captured of a program that prints these chunks. */
async function captured(chunks: readonly OutputChunk[]) {
  const attach: Container['attach'] = async (onOutput) => {
    for (const chunk of chunks) onOutput(chunk);
    return { ended: Promise.resolve() };
  };
  return await captureOutput({ attach } as Container);
}

test('what is kept of a long output does not depend on the chunks it came in', async () => {
  const whole = Buffer.alloc(MAX_BYTES + 1000, 'abcdefg');
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: whole.length - 1 }), async (at) => {
      const chunks = [whole.subarray(0, at), whole.subarray(at)];
      const { stdout } = await captured(chunks.map((data) => ({ stream: 'stdout', data })));
      expect(stdout() === whole.toString('utf8', 0, MAX_BYTES)).toBe(true);
    }),
    { numRuns: 20 },
  );
});

test.each([
  [0, false],
  [1, true],
])(
  'a program that prints %i bytes more than is kept has exceeded the limit: %s',
  async (more, isExceeded) => {
    const data = Buffer.alloc(MAX_BYTES / 2);
    const last = Buffer.alloc(more);
    const output = await captured([data, data, last].map((part) => ({ stream: 'stdout', data: part })));
    const seen = await Promise.race([output.exceeded.then(() => true), setImmediate(false)]);
    expect(seen).toBe(isExceeded);
  },
);

test('the last lines are those of both channels, the text that of one', async () => {
  const output = await captured([
    { stream: 'stdout', data: Buffer.from('one\n') },
    { stream: 'stderr', data: Buffer.from('two\n') },
  ]);
  expect(output.stdout()).toBe('one\n');
  expect(output.stderr()).toBe('two\n');
  expect(output.last()).toBe('one\ntwo');
});

test.each([
  ['a\nb\r\nc\n\n', 2, 'b\nc'],
  ['a', 2, 'a'],
  ['', 2, ''],
])('of %j the last %i lines are %j', (text, count, expected) => {
  expect(lastLines(text, count)).toBe(expected);
});

test.each(['stdout', 'stderr'] as const)(
  'what a program prints on %s byte by byte, and without end, takes bounded memory',
  async (stream) => {
    const before = process.memoryUsage();
    const attach: Container['attach'] = async (onOutput) => {
      for (let at = 0; at < 400_000; at += 1) onOutput({ stream, data: Buffer.from('x') });
      for (let at = 0; at < 2000; at += 1) onOutput({ stream, data: Buffer.alloc(BLOCK_BYTES) });
      return { ended: Promise.resolve() };
    };
    const output = await captureOutput({ attach } as Container);
    const after = process.memoryUsage();
    expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(8 * MAX_BYTES);
    expect(after.heapUsed - before.heapUsed).toBeLessThan(4 * MAX_BYTES);
    expect(output[stream]()).toHaveLength(MAX_BYTES);
  },
);
