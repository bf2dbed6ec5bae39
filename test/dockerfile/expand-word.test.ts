import { describe, expect, test } from 'vitest';
import { ExpansionError, expandWord } from '../../src/dockerfile/expand-word.ts';

const VALUES: Readonly<Record<string, string>> = { X: 'value', EMPTY: '', P: 'a/b/c.tar.gz', SPACE: 'a b' };
const expand = (word: string, escapeToken = '\\') =>
  expandWord(word, { valueOf: (name) => VALUES[name], escapeToken });

describe('words are expanded as Docker expands them', () => {
  test.each([
    ['$X', 'value'],
    ['${X}y', 'valuey'],
    ['$Xy', ''],
    ['$X-y', 'value-y'],
    ['a$', 'a$'],
    ['$1X', 'X'],
    ['\\$X', '$X'],
    ["'$X'", '$X'],
    ['"$X"', 'value'],
    ['"\\$X"', '$X'],
    ['"a\\b"', 'a\\b'],
    ['a\\ b', 'a b'],
    ['"a b"\'c d\'', 'a bc d'],
    ['$SPACE', 'a b'],
    ['${EMPTY:-d}', 'd'],
    ['${EMPTY-d}', ''],
    ['${NONE-d}', 'd'],
    ['${NONE:-${X:+in $X}}', 'in value'],
    ['${X:+a}', 'a'],
    ['${NONE:+a}', ''],
    ['${EMPTY+a}', 'a'],
    ['${X:?no}', 'value'],
    ['${P#*/}', 'b/c.tar.gz'],
    ['${P##*/}', 'c.tar.gz'],
    ['${P%.*}', 'a/b/c.tar'],
    ['${P%%.*}', 'a/b/c'],
    ['${P/b/x}', 'a/x/c.tar.gz'],
    ['${P//\\//-}', 'a-b-c.tar.gz'],
  ])('%s is %s', (word, expanded) => {
    expect(expand(word)).toBe(expanded);
  });

  test('the escape directive moves escaping to the backquote', () => {
    expect(expand('`$X\\y', '`')).toBe('$X\\y');
  });

  test.each(['${', '${X', '${}', '${:x}', '${X:?', '${NONE?gone}', '${X~y}', '"x', "'x"])(
    '%s cannot be expanded',
    (word) => {
      expect(() => expand(word)).toThrow(ExpansionError);
    },
  );
});
