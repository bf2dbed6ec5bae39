import fc from 'fast-check';
import { expect, test } from 'vitest';
import { escapeDollars, interpolate } from '../../src/kraftfile/interpolate.ts';

const variables = { A: 'a', EMPTY: '', _x1: 'x' };

test.each([
  ['$A-${A}', 'a-a'],
  ['$$A $$$A $', '$A $a $'],
  ['$1 $-', '$1 $-'],
  ['$_x1', 'x'],
  ['${NO:-d} ${EMPTY:-d} ${EMPTY-d} ${NO-d}', 'd d  d'],
  ['${A:+set} ${EMPTY:+set} ${EMPTY+set} ${NO+set}', 'set  set '],
  ['${NO:-${A}}!', 'a!'],
  ['${A:?why}', 'a'],
  ['${NO:-}', ''],
])('%s becomes %j', (text, expected) => {
  expect(interpolate(text, variables)).toEqual({ text: expected, unset: [], mistake: null });
});

test('unset variables are reported once each', () => {
  expect(interpolate('$X ${Y} $X $toString', {})).toMatchObject({
    text: '   ',
    unset: ['X', 'Y', 'toString'],
  });
});

test.each([
  ['${A', '${A is no variable: write $$ for a literal dollar'],
  ['${}', '${ is no variable: write $$ for a literal dollar'],
  ['${1}', '${1 is no variable: write $$ for a literal dollar'],
  ['${NO:?is needed}', 'the variable NO is required: is needed'],
  ['${NO:-'.repeat(3000) + '}'.repeat(3000), 'variables are nested too deeply'],
])('%# is a mistake', (text, mistake) => {
  expect(interpolate(text, variables).mistake).toBe(mistake);
});

test('an escaped text comes back', () => {
  const text = fc.string({ unit: fc.constantFrom('$', '{', '}', 'A', 'x', ':', '-') });
  fc.assert(
    fc.property(text, (plain) => {
      expect(interpolate(escapeDollars(plain), variables).text).toBe(plain);
    }),
  );
});
