import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lineReader } from '../../src/engine/line-reader.ts';

function linesOf(pieces: readonly Uint8Array[]): string[] {
  const lines: string[] = [];
  const reader = lineReader((line) => lines.push(line));
  for (const piece of pieces) reader.write(piece);
  reader.end();
  return lines;
}

test('lines end in LF or CRLF, the last one in nothing', () => {
  expect(linesOf([Buffer.from('one\ntwo\r\n\nthree')])).toEqual(['one', 'two', '', 'three']);
  expect(linesOf([])).toEqual([]);
});

test('it makes no difference where the output is cut, be it within a character', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'é', '🙂', '\n', '\r\n') });
  fc.assert(
    fc.property(text, fc.array(fc.nat(40)), (whole, cuts) => {
      const bytes = Buffer.from(whole);
      const ends = [0, ...cuts.filter((cut) => cut < bytes.length).sort((a, b) => a - b), bytes.length];
      const pieces = ends.slice(1).map((end, index) => bytes.subarray(ends[index], end));
      expect(linesOf(pieces)).toEqual(linesOf([bytes]));
    }),
  );
});
