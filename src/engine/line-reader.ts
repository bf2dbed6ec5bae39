/** Takes bytes as they come and tells whole lines; `end` tells the last one where no line feed ends it. */
export type LineReader = { write(piece: Uint8Array): void; end(): void };

/** A step's output comes in the pieces in which its programs wrote it, some of a character only. */
export function lineReader(onLine: (line: string) => void): LineReader {
  const decoder = new TextDecoder();
  let rest = '';
  const take = (text: string) => {
    const lines = (rest + text).split(/\r?\n/);
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line);
  };
  return {
    write: (piece) => take(decoder.decode(piece, { stream: true })),
    end() {
      take(decoder.decode());
      if (rest !== '') onLine(rest);
      rest = '';
    },
  };
}
