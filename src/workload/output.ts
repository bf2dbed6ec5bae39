import type { Container } from '../engine/engine.ts';
import { LIMITS } from '../shared/limits.ts';

/** What a program prints on a channel is kept whole up to this size; beyond it is cut. */
const MAX_BYTES = LIMITS.answerBytes;
const LAST_LINES = 20;

export type Output = {
  /** Resolves when the program can print no more. */
  readonly ended: Promise<void>;
  /** Resolves when more came on standard output than is kept. */
  readonly exceeded: Promise<void>;
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** The last lines of both channels. */
  readonly last: () => string;
};

/** Collects what a container prints, and gives it its input where it takes one. To be called before its start. */
export async function captureOutput(container: Container, input?: string): Promise<Output> {
  let exceed = (): void => undefined;
  const exceeded = new Promise<void>((resolve) => {
    exceed = resolve;
  });
  const channels = { stdout: channel(() => exceed()), stderr: channel(() => undefined) };
  const both: Buffer[] = [];
  let bothBytes = 0;
  const { ended } = await container.attach(({ stream, data }) => {
    both.push(data);
    bothBytes += data.length;
    while (bothBytes > MAX_BYTES) bothBytes -= both.shift()?.length ?? 0;
    channels[stream].add(data);
  }, input);
  return {
    ended,
    exceeded,
    stdout: channels.stdout.text,
    stderr: channels.stderr.text,
    last: () => lastLines(Buffer.concat(both).toString('utf8'), LAST_LINES),
  };
}

function channel(onExceeded: () => void): { add: (data: Buffer) => void; text: () => string } {
  const chunks: Buffer[] = [];
  let bytes = 0;
  return {
    add(data) {
      if (bytes + data.length > MAX_BYTES) onExceeded();
      // chunks fall as the engine reads: only a cut at the very byte is the same in every run
      const kept = data.subarray(0, MAX_BYTES - bytes);
      bytes += kept.length;
      chunks.push(kept);
    },
    text: () => Buffer.concat(chunks).toString('utf8'),
  };
}

/** The end of a text, white space behind it aside. */
export function lastLines(text: string, count: number): string {
  return text.trimEnd().split(/\r?\n/).slice(-count).join('\n');
}
