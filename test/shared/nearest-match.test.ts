import { expect, test } from 'vitest';
import { editDistance, nearestMatch } from '../../src/shared/nearest-match.ts';

test.each([
  ['rootsf', 'rootfs'],
  ['cmdd', 'cmd'],
  ['Name', 'name'],
  ['entrypoint', undefined],
  ['', undefined],
])('%s was meant to be %s', (word, expected) => {
  expect(nearestMatch(word, ['spec', 'name', 'rootfs', 'cmd'])).toBe(expected);
});

test('the distance counts insertions, deletions and substitutions', () => {
  expect(editDistance('kitten', 'sitting')).toBe(3);
  expect(editDistance('', 'abc')).toBe(3);
});
