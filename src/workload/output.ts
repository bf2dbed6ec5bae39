import type { Container } from '../engine/engine.ts';
import { LIMITS } from '../shared/limits.ts';

/** What a program prints on a channel is kept whole up to this size; beyond it is cut. */
const MAX_BYTES = LIMITS.answerBytes;
const LAST_LINES = 20;

/** Small pieces share a block of this size: a program may print byte by byte, and each buffer has its price. */
const BLOCK_BYTES = 64 * 1024;

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
  const both = blocks();
  const { ended } = await container.attach(({ stream, data }) => {
    both.add(data);
    both.dropAbove(MAX_BYTES);
    channels[stream].add(data);
  }, input);
  return {
    ended,
    exceeded,
    stdout: channels.stdout.text,
    stderr: channels.stderr.text,
    last: () => lastLines(both.text(), LAST_LINES),
  };
}

function channel(onExceeded: () => void): { add: (data: Buffer) => void; text: () => string } {
  const kept = blocks();
  return {
    add(data) {
      const free = MAX_BYTES - kept.bytes();
      if (data.length > free) onExceeded();
      // chunks fall as the engine reads: only a cut at the very byte is the same in every run
      kept.add(data.subarray(0, free));
    },
    text: kept.text,
  };
}

type Blocks = {
  readonly add: (data: Buffer) => void;
  /** Drops the oldest blocks while the others hold so many bytes. */
  readonly dropAbove: (bytes: number) => void;
  readonly bytes: () => number;
  readonly text: () => string;
};

/** Bytes as they come, copied into blocks, so that their memory is bounded by their count alone. */
function blocks(): Blocks {
  const full: Buffer[] = [];
  let last = Buffer.alloc(0);
  let used = 0;
  let bytes = 0;
  return {
    add(data) {
      bytes += data.length;
      for (let at = 0; at < data.length; ) {
        if (used === last.length) {
          if (used > 0) full.push(last);
          last = Buffer.alloc(BLOCK_BYTES);
          used = 0;
        }
        const copied = data.copy(last, used, at);
        used += copied;
        at += copied;
      }
    },
    dropAbove(most) {
      for (let first = full[0]; first !== undefined && bytes - first.length >= most; first = full[0]) {
        full.shift();
        bytes -= first.length;
      }
    },
    bytes: () => bytes,
    text: () => Buffer.concat([...full, last.subarray(0, used)]).toString('utf8'),
  };
}

/** The end of a text, white space behind it aside. */
export function lastLines(text: string, count: number): string {
  return text.trimEnd().split(/\r?\n/).slice(-count).join('\n');
}
