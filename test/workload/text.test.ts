import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { holdsText } from '../../src/workload/text.ts';

describe('a text holds what is expected of it', () => {
  test.each([
    ['the whole', 'a\nb', 'a\nb'],
    ['a part of a line', 'say Hello, World!', 'Hello'],
    ['lines in the middle', 'x\na\nb\ny', 'a\nb'],
    ['other white space at the ends of lines', '  a \r\n\tb\r\n', 'a\nb  '],
    ['nothing at all', 'a', ''],
    ['any lines for an ellipsis', 'a\nx\ny\nb', 'a\n...\nb'],
    ['no line for an ellipsis', 'a\nb', 'a\n...\nb'],
    ['an ellipsis at an end', 'x\na\ny', '...\na\n…'],
    ['an ellipsis in brackets', 'a\nx\nb', 'a\n[...]\nb'],
    ['an ellipsis in a text with CRLF', 'a\r\nx\r\nb', 'a\r\n...\r\nb'],
  ])('%s', (_, text, expected) => {
    expect(holdsText(text, expected)).toBe(true);
  });

  test.each([
    ['another order', 'b\na', 'a\nb'],
    ['a line between', 'a\nx\nb', 'a\nb'],
    ['another order around an ellipsis', 'b\na', 'a\n...\nb'],
    ['the same place twice', 'a', 'a\n...\na'],
    ['other white space within a line', 'a  b', 'a b'],
    ['an ellipsis within a line', 'a, b, c', 'a...c'],
    ['another case', 'hello', 'Hello'],
    ['no text', '', 'a'],
  ])('but not with %s', (_, text, expected) => {
    expect(holdsText(text, expected)).toBe(false);
  });

  test('wherever it stands in any text', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), (before, expected, after) => {
        fc.pre(!/\.\.\.|…/.test(expected));
        expect(holdsText(`${before}\n${expected}\n${after}`, expected)).toBe(true);
      }),
    );
  });
});
