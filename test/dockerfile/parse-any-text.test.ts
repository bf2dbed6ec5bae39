import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CopyInstruction, Dockerfile, Instruction } from '../../src/dockerfile/model.ts';
import { parseDockerfile } from '../../src/dockerfile/parse-dockerfile.ts';
import { UserError } from '../../src/shared/failure.ts';

const instructionsOf = (dockerfile: Dockerfile): Instruction[] => [
  ...dockerfile.globalArgs,
  ...dockerfile.stages.flatMap((stage) => [stage.fromInstruction, ...stage.instructions]),
];

function wordsOfCopy(body: string): string[] {
  const copy = parseDockerfile(`FROM base\n${body}`).stages[0]?.instructions[0] as CopyInstruction;
  return [...copy.sources, copy.destination].map((word) => word.text);
}

describe('for any text', () => {
  const pieces = fc.constantFrom(
    'FROM a',
    'FROM ',
    'COPY',
    'RUN x',
    'ENV a=',
    ' ',
    '\n',
    '\r\n',
    '\\\n',
    '# c',
    '`',
    '\\',
    '"',
    "'",
    '<<E',
    'E\n',
    '[',
    '"a"',
    ']',
    ',',
    '--from=',
    '0',
    '$X',
    '${X',
    '}',
    ':-',
    ' AS b',
    'ARG X',
    '--mount=',
    '\t',
    '\ufeff',
    'é',
  );
  const texts = fc.oneof(
    fc.string(),
    fc.array(pieces, { maxLength: 30 }).map((parts) => `FROM a\n${parts.join('')}`),
  );

  test('only a UserError is thrown, and ranges give the raw text back', () => {
    fc.assert(
      fc.property(texts, (text) => {
        try {
          const parsed = parseDockerfile(text);
          let end = 0;
          for (const { range, raw } of instructionsOf(parsed).sort((a, b) => a.range.start - b.range.start)) {
            expect(range.start).toBeGreaterThanOrEqual(end);
            expect(text.slice(range.start, range.end)).toBe(raw);
            end = range.end;
          }
        } catch (error) {
          expect(error).toBeInstanceOf(UserError);
        }
      }),
      { numRuns: 2000 },
    );
  });

  test('a generated COPY is read back as it was written, with any layout of its lines', () => {
    const word = fc.stringMatching(/^[a-zA-Z0-9_./-]{1,12}$/).filter((text) => !text.startsWith('--'));
    const gap = fc.constantFrom(' ', '  ', '\t', ' \\\n', ' \\\n  # why\n\n  ', ' \\ \n\t');
    fc.assert(
      fc.property(fc.array(fc.tuple(gap, word), { minLength: 2, maxLength: 6 }), (words) => {
        const read = wordsOfCopy(`COPY${words.map(([space, text]) => space + text).join('')}\n`);
        expect(read).toEqual(words.map(([, text]) => text));
      }),
      { numRuns: 1000 },
    );
  });

  test('generated JSON arguments are read back, whatever they hold', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 2, maxLength: 4 }), (words) => {
        expect(wordsOfCopy(`COPY ${JSON.stringify(words)}\n`)).toEqual(words);
      }),
      { numRuns: 1000 },
    );
  });
});
