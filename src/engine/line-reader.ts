import { LIMITS } from '../shared/limits.ts';

/** Takes bytes as they come and passes on whole lines; `end` passes on the last line where no line feed ends it. */
export type LineReader = { write(piece: Uint8Array): void; end(): void };

/**
 * A step's output comes in the pieces in which its programs wrote it, some of a character only. A line that is longer
 * than `LIMITS.buildLogLine` is cut there.
 */
export function lineReader(onLine: (line: string) => void): LineReader {
  const decoder = new TextDecoder();
  let pieces: string[] = [];
  let length = 0;
  const keep = (text: string) => {
    const kept = text.slice(0, Math.max(0, LIMITS.buildLogLine - length));
    length += kept.length;
    if (kept !== '') pieces.push(kept);
  };
  const finish = () => {
    const line = pieces.join('');
    pieces = [];
    length = 0;
    return line;
  };
  const take = (text: string) => {
    const [first = '', ...lines] = text.split('\n');
    keep(first);
    for (const line of lines) {
      onLine(finish().replace(/\r$/, ''));
      keep(line);
    }
  };
  return {
    write: (piece) => take(decoder.decode(piece, { stream: true })),
    end() {
      take(decoder.decode());
      const rest = finish();
      if (rest !== '') onLine(rest);
    },
  };
}
