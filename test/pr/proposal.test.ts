import fc from 'fast-check';
import { expect, test } from 'vitest';
import { titleOf } from '../../src/pr/proposal.ts';
import { anyHostile } from '../support/hostile.ts';

test.each([
  ['# Redis 7.2\n', 'Redis 7.2'],
  ['# Thanks @octocat\n', 'library/a'],
  ['# It closes #1\n', 'library/a'],
  ['# x: y\n', 'library/a'],
  ['# \u202egnp\n', 'library/a'],
  ['', 'library/a'],
])('the title of a README %j is %s', (readme, title) => {
  expect(titleOf(readme, 'library/a')).toBe(title);
});

test('a title makes no mention and no reference, whatever the README says', () => {
  fc.assert(
    fc.property(anyHostile, (heading) => {
      const title = titleOf(`# ${heading}\n`, 'library/a');
      expect(title).not.toMatch(/[@#:\n\p{Cc}\p{Cf}\p{Cs}]|GH-\d/iu);
    }),
  );
});

test('an entry that no message can name is refused', () => {
  expect(() => titleOf('', 'library/@octocat')).toThrowError(expect.objectContaining({ code: 'refused' }));
});
