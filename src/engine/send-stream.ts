import type { Readable } from 'node:stream';

/**
 * Makes a request that sends a stream. Where the stream fails while it is sent (a file vanishes under it), the request
 * is aborted, and fails with the stream's own error; the engine would wait for the rest for ever. The stream is
 * destroyed at the end in any case.
 */
export async function sendStream<Answer>(
  stream: Readable,
  signal: AbortSignal | undefined,
  send: (signal: AbortSignal) => Promise<Answer>,
): Promise<Answer> {
  const broken = new AbortController();
  stream.on('error', (error) => broken.abort(error));
  try {
    signal?.throwIfAborted();
    return await send(AbortSignal.any(signal === undefined ? [broken.signal] : [broken.signal, signal]));
  } catch (error) {
    broken.signal.throwIfAborted();
    signal?.throwIfAborted();
    throw error;
  } finally {
    stream.destroy();
  }
}
