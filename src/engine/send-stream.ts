import type { Readable } from 'node:stream';
import { UserError } from '../shared/failure.ts';
import { explainFault } from './engine-fault.ts';

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
    // a stream that was sent breaks with the connection: that is the engine's fault, and the border has explained it
    if (broken.signal.aborted && !(error instanceof UserError)) throw explainSent(broken.signal.reason);
    signal?.throwIfAborted();
    throw error;
  } finally {
    stream.destroy();
  }
}

/** What the connection did to a stream comes out of the stream, as tar-stream does it. */
function explainSent(reason: unknown): unknown {
  const { code = '' } = reason as { code?: string };
  return /^(?:HPE_|ECONNRESET$|EPIPE$)/.test(code) ? explainFault(reason, 'a request with a stream') : reason;
}
