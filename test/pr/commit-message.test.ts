import fc from 'fast-check';
import { expect, test } from 'vitest';
import { COLUMNS, messageOf, subjectLine, wrap } from '../../src/pr/commit-message.ts';

test('no line is longer than 75 columns, but where one word is', () => {
  const word = fc.stringMatching(/^[a-z]{1,90}$/);
  fc.assert(
    fc.property(fc.array(word), (words) => {
      const text = wrap(words.join(' '));
      expect(text.split(/\s+/).filter((one) => one !== '')).toEqual(words);
      for (const line of text.split('\n')) expect(line.length <= COLUMNS || !line.includes(' ')).toBe(true);
    }),
  );
});

test('a subject says as much as fits', () => {
  const long = 'x'.repeat(80);
  expect(subjectLine({ type: 'feat', scope: 'library', texts: ['Introduce Redis 7.2'] })).toBe(
    'feat(library): Introduce Redis 7.2',
  );
  expect(subjectLine({ type: 'docs', scope: null, texts: [long, 'Short'] })).toBe('docs: Short');
  expect(subjectLine({ type: 'docs', scope: null, texts: [long] })).toHaveLength(COLUMNS);
});

test('the trailer is the last paragraph', () => {
  const subject = { type: 'fix', scope: 'examples', texts: ['Slim it'] } as const;
  expect(messageOf(subject, ['One.'], 'A <a@example.org>')).toEqual([
    'fix(examples): Slim it',
    'One.',
    'Signed-off-by: A <a@example.org>',
  ]);
});
