import type { Duplex } from 'node:stream';
import { LIMITS } from '../shared/limits.ts';
import { AnswerTooLong, noAnswer, type ProbeKind, type TcpProbe } from './probe.ts';
import { holdsText } from './text.ts';

/**
 * How long a server may pause within one answer before the answer is taken for whole, and how long a connection on
 * which nothing is sent has to last.
 */
const QUIET_MS = 300;

/** The answer ends when the far side closes, when it holds what is expected, or when it pauses. */
export const tcpProbe: ProbeKind<TcpProbe> = {
  describe: ({ port, send }) =>
    send === '' ? `connection to port ${port}` : `${JSON.stringify(send.trim())} to port ${port}`,
  async ask(probe, context) {
    try {
      using connection = disposable(await context.connect(probe.port));
      context.signal.throwIfAborted();
      if (probe.send === '') {
        await isAccepted(connection.stream, context.signal);
        return { status: 'connected', text: '', fault: null };
      }
      connection.stream.write(probe.send);
      return { status: null, text: await readAnswer(connection.stream, probe, context.signal), fault: null };
    } catch (error) {
      return noAnswer(error, context.signal);
    }
  },
};

/** The stream is there before the far side has been reached: only a stream that lasts or delivers data is connected. */
function isAccepted(stream: Duplex, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const quiet = setTimeout(resolve, QUIET_MS);
    const refuse = (why: Error) => {
      clearTimeout(quiet);
      reject(why);
    };
    stream.once('data', () => {
      clearTimeout(quiet);
      resolve();
    });
    stream.once('end', () => refuse(new Error('the connection was refused, or closed at once')));
    stream.once('close', () => refuse(new Error('the connection was interrupted')));
    stream.once('error', refuse);
    signal.addEventListener('abort', () => refuse(signal.reason), { once: true });
  });
}

function readAnswer(stream: Duplex, probe: TcpProbe, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    let bytes = 0;
    let quiet: NodeJS.Timeout | undefined;
    // a character may come in two chunks
    const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
    const finish = () => {
      clearTimeout(quiet);
      text += decoder.decode();
      if (text === '') reject(new Error('the connection was closed without an answer'));
      else resolve(text);
    };
    stream.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      clearTimeout(quiet);
      if (bytes > LIMITS.answerBytes) {
        stream.destroy();
        reject(new AnswerTooLong());
        return;
      }
      text += decoder.decode(chunk, { stream: true });
      if (probe.expect !== null && holdsText(text, probe.expect)) finish();
      else quiet = setTimeout(finish, QUIET_MS);
    });
    stream.once('end', finish);
    stream.once('error', reject);
    signal.addEventListener('abort', () => (text === '' ? reject(signal.reason) : finish()), { once: true });
  });
}

function disposable(stream: Duplex): { stream: Duplex } & Disposable {
  return { stream, [Symbol.dispose]: () => stream.destroy() };
}
