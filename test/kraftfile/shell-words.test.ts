import fc from 'fast-check';
import { expect, test } from 'vitest';
import { splitShellWords } from '../../src/kraftfile/shell-words.ts';

test.each([
  ['/bin/a  -b\tc\n', ['/bin/a', '-b', 'c']],
  [`a 'b c' "d e"f`, ['a', 'b c', 'd ef']],
  [`'' "" a`, ['', '', 'a']],
  ['a\\ b \\"c "\\$d\\x"', ['a b', '"c', '$d\\x']],
  ['$X a${Y}b "$Z" $5', ['ab', '', '$5']],
  ['a # rest', ['a']],
  ['a#b', ['a#b']],
  ['', []],
])('%j is %j', (line, words) => {
  expect(splitShellWords(line)).toEqual({ words });
});

test.each(["a 'b", 'a "b', 'a; b', 'a | b', 'a > b', '$(a)', '`a`', '"`a`"', '${A:-b}', 'a{b,c}', 'a &'])(
  '%s is refused',
  (line) => {
    expect(splitShellWords(line)).toHaveProperty('mistake');
  },
);

test('words in single quotes come back', () => {
  fc.assert(
    fc.property(fc.array(fc.string()), (words) => {
      const line = words.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
      expect(splitShellWords(line)).toEqual({ words });
    }),
  );
});
