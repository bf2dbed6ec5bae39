import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { sendStream } from '../../src/engine/send-stream.ts';

/** A request to an engine that waits for the end of the stream, until it is aborted. */
const waiting = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error('aborted')), { once: true });
  });

test('a stream that fails ends the request with its own error', async () => {
  const stream = new Readable({ read: () => undefined });
  const sending = sendStream(stream, undefined, waiting);
  stream.destroy(new Error('ENOENT: a file has vanished'));
  await expect(sending).rejects.toThrow('a file has vanished');
});

test('an abort ends the request with its reason, and the stream', async () => {
  const stream = new Readable({ read: () => undefined });
  const interrupt = new AbortController();
  const sending = sendStream(stream, interrupt.signal, waiting);
  interrupt.abort(new Error('interrupted'));
  await expect(sending).rejects.toThrow('interrupted');
  expect(stream.destroyed).toBe(true);
});

test('nothing is sent after an abort', async () => {
  const stream = Readable.from(['x']);
  await expect(sendStream(stream, AbortSignal.abort(), () => expect.unreachable())).rejects.toThrow(
    'aborted',
  );
  expect(stream.destroyed).toBe(true);
});

test('an error of the engine is reported as it is, and the answer given', async () => {
  const refused = Promise.reject(new Error('no space left'));
  await expect(sendStream(Readable.from(['x']), undefined, () => refused)).rejects.toThrow('no space left');
  expect(await sendStream(Readable.from(['x']), undefined, async () => 'answer')).toBe('answer');
});
