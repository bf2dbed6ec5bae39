import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createEventReader } from '../../src/strace/read-events.ts';
import { createTraceRecorder } from '../../src/strace/read-trace.ts';
import { SEED, samples } from '../support/samples.ts';

const corpus = join(import.meta.dirname, 'corpus');
const lines = readdirSync(corpus)
  .filter((name) => name.endsWith('.log'))
  .flatMap((name) => readFileSync(join(corpus, name), 'latin1').split('\n'));

const SPICES = [
  '"',
  '\\',
  '<',
  '>',
  '(',
  ')',
  '{',
  ',',
  ' = ',
  '\n',
  '...',
  ' <unfinished ...>',
  ' resumed>',
  '=> ',
  '\0',
  '\xff',
];

const mutation = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  remove: fc.nat(12),
  insert: fc.oneof(fc.constantFrom('', ...SPICES), fc.string({ maxLength: 6, unit: 'binary-ascii' })),
});
const mutatedLine = fc
  .tuple(fc.constantFrom(...lines), fc.array(mutation, { minLength: 1, maxLength: 3 }))
  .map(([line, mutations]) => mutations.reduce(mutate, line));

function mutate(
  line: string,
  { at, remove, insert }: { at: number; remove: number; insert: string },
): string {
  const from = Math.floor(at * line.length);
  return line.slice(0, from) + insert + line.slice(from + remove);
}

const LINES_PER_LOG = 200;
const LINES = samples({ ci: 20_000, soak: 100_000 });

it(`${LINES} mutated lines never make the reader throw, and it accounts for each of them`, () => {
  const logs = fc.array(mutatedLine, { minLength: LINES_PER_LOG, maxLength: LINES_PER_LOG });
  let tested = 0;
  fc.assert(
    fc.property(logs, fc.integer({ min: 1, max: 4096 }), (mutated, chunkBytes) => {
      tested += mutated.length;
      const log = Buffer.from(mutated.join('\n'), 'latin1');
      const reader = createEventReader();
      const recorder = createTraceRecorder();
      for (let at = 0; at < log.length; at += chunkBytes) {
        for (const event of reader.push(log.subarray(at, at + chunkBytes))) recorder.add(event);
      }
      for (const event of reader.end()) recorder.add(event);
      const { touched, failed } = recorder.result();
      expect(reader.summary.lines).toBe(log.toString('latin1').replace(/\n$/, '').split('\n').length);
      for (const { path } of [...touched, ...failed]) expect(path.startsWith('/')).toBe(true);
    }),
    { numRuns: LINES / LINES_PER_LOG, seed: SEED },
  );
  expect(tested).toBe(LINES);
}, 20_000);
