import { assertWithin, LIMITS } from '../shared/limits.ts';
import type { TraceEvent } from './event.ts';
import { createCallJoiner } from './join-calls.ts';
import { parseLine, unparsed } from './parse-line.ts';

/** How well a log could be read. */
export type LogSummary = {
  /** Lines, the truncated one with them. */
  readonly lines: number;
  /** Lines that were not understood, the truncated one with them. */
  readonly unparsed: number;
  /** The first ten of these, cut at 200 characters. */
  readonly unparsedSamples: readonly string[];
  /** Calls under way when the log ended: it was cut off, or the tracer was killed. */
  readonly unfinished: number;
  /** The log ends within a line. */
  readonly truncated: boolean;
};

/** A log is pushed in, chunk by chunk, and comes out as events. */
export interface EventReader {
  /** The events of every line that this chunk ends. Their texts hold on to the chunk: copy what is kept for long. */
  push(chunk: Uint8Array): TraceEvent[];
  end(): TraceEvent[];
  readonly summary: LogSummary;
}

const MAX_SAMPLES = 10;

export function createEventReader(): EventReader {
  const joiner = createCallJoiner();
  const samples: string[] = [];
  let [lines, unparsedLines, unfinished, truncated] = [0, 0, 0, false];
  let carry: string[] = [];
  let carried = 0;
  let batch: TraceEvent[] = [];

  function emit(event: TraceEvent): void {
    if (event.kind === 'unparsed') {
      unparsedLines++;
      if (samples.length < MAX_SAMPLES) samples.push(Buffer.from(event.text.slice(0, 200)).toString());
    }
    batch.push(event);
  }

  function take(): TraceEvent[] {
    const events = batch;
    batch = [];
    return events;
  }

  return {
    push(chunk) {
      const text = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString('latin1');
      let from = 0;
      for (let feed = text.indexOf('\n'); feed >= 0; feed = text.indexOf('\n', from)) {
        let line = text.slice(from, feed);
        if (carry.length > 0) {
          line = carry.join('') + line;
          carry = [];
          carried = 0;
        }
        from = feed + 1;
        joiner.add(parseLine(line, ++lines), emit);
      }
      if (from < text.length) {
        carried += text.length - from;
        assertWithin(
          carried,
          LIMITS.traceLineBytes,
          'cannot read the trace of the app: a line has more than % bytes',
        );
        carry.push(text.slice(from));
      }
      return take();
    },
    end() {
      if (carry.length > 0) {
        truncated = true;
        emit(unparsed(carry.join(''), ++lines, true));
        carry = [];
      }
      unfinished = joiner.end(emit);
      return take();
    },
    get summary() {
      return { lines, unparsed: unparsedLines, unparsedSamples: [...samples], unfinished, truncated };
    },
  };
}
