import { expect, test } from 'vitest';
import { shellWords } from '../../src/entry/shell-line.ts';

test.each([
  ['a  b\tc', ['a', 'b', 'c']],
  ['\'a b\' "c d"', ['a b', 'c d']],
  ['a"b"\'c\'d', ['abcd']],
  ['a\\ b', ['a b']],
  ['"a\\"b\\$c\\n"', ['a"b$c\\n']],
  ["'a\\n'", ['a\\n']],
  ['\'\' ""', ['', '']],
  ['', []],
])('the words of %j are %j', (command, words) => {
  expect(shellWords(command)).toEqual(words);
});
