import { isUtf8 } from 'node:buffer';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, type FileProbe, noAnswer, type ProbeContext, type ProbeKind } from './probe.ts';
import { holdsText } from './text.ts';

/** An app may write a file a moment after the answer that it belongs to: a line of an access log. */
const PATIENCE_MS = 1000;
const POLL_MS = 50;

/** A file that the app has written is the answer, when it is there and holds what is expected of it. */
export const fileProbe: ProbeKind<FileProbe> = {
  describe: ({ path }) => `file ${path}`,
  async ask(probe, context) {
    try {
      return await read(probe, context);
    } catch (error) {
      return noAnswer(error, context.signal);
    }
  },
};

async function read({ path, expect }: FileProbe, { readFile, signal }: ProbeContext): Promise<Answer> {
  const begun = performance.now();
  for (;;) {
    const bytes = await readFile(path);
    const text = bytes === undefined ? null : textOf(bytes);
    const isDone = text !== null && (expect === null || holdsText(text, expect));
    if (isDone || performance.now() - begun > PATIENCE_MS) {
      return { status: null, text, fault: text === null ? `${path} is not there` : null };
    }
    await sleep(POLL_MS, undefined, { signal });
  }
}

/** Bytes that are no text differ as text too, where a decoder would make one mark of them all. */
function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString(isUtf8(bytes) ? 'utf8' : 'latin1');
}
