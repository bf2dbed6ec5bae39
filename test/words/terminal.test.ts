import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cutTo, indented, joinShown, linesOf, show, showLines, styled } from '../../src/words/terminal.ts';
import { anyHostile } from '../support/hostile.ts';

/** What no terminal may get: controls but for tabs and line feeds, format and bidi characters, lone surrogates. */
const STEERS = /[^\P{Cc}\t\n]|[\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;

describe('a foreign word on one line', () => {
  test.each([
    ['library/nginx', 'library/nginx'],
    ['a\u001b[31mb', 'a\\x1b[31mb'],
    ['\u001b]52;c;cGF5bG9hZA==\u0007', '\\x1b]52;c;cGF5bG9hZA==\\x07'],
    ['a\nb\rc\td', 'a\\x0ab\\x0dc\\x09d'],
    ['evil\u202egnp.exe', 'evil\\u202egnp.exe'],
    ['\u0085\u009b', '\\u0085\\u009b'],
    ['caf\udce9', 'caf\\xe9'],
    ['\ud800', '\\ud800'],
    ['\u{e0041}', '\\u{e0041}'],
    ['\ufff9', '\\ufff9'],
    ['a\u200bb\ufeff', 'a\\u200bb\\ufeff'],
    ['é ✓ 日本', 'é ✓ 日本'],
  ])('%j is shown as %j', (word, shown) => {
    expect(String(show`${word}`)).toBe(shown);
  });

  test('is seen whole and steers nothing, whatever it is', () => {
    fc.assert(
      fc.property(anyHostile, (word) => {
        const shown = linesOf(show`entry ${word}: done`);
        expect(shown).not.toMatch(STEERS);
        expect(shown.split('\n')).toHaveLength(2);
        expect(shown).not.toContain('\t');
        // nothing is taken out: what was printable is there in its order
        for (const part of word.split(/[^\w ]+/u)) expect(shown).toContain(part);
      }),
    );
  });

  test('stays escaped where a text takes in another text', () => {
    fc.assert(
      fc.property(anyHostile, (word) => {
        const inner = show`<${word}>`;
        expect(String(show`${inner}`)).toBe(String(inner));
        expect(String(joinShown([word, inner], ', '))).toBe(`${show`${word}`}, ${inner}`);
        expect(String(cutTo(indented(inner, '  '), 12))).toBe(`  ${inner}`.slice(0, 12));
      }),
    );
  });
});

describe('a foreign text of several lines', () => {
  test('keeps its lines and tabs, and loses its colours', () => {
    expect(String(showLines('a\tb\r\n\u001b[1;31mred\u001b[0m\rc'))).toBe('a\tb\nred\\x0dc');
  });

  test('steers nothing, whatever it is', () => {
    fc.assert(
      fc.property(fc.array(anyHostile), (lines) => {
        expect(linesOf(showLines(lines.join('\n')))).not.toMatch(STEERS);
      }),
    );
  });
});

test('colours of ours count for no width', () => {
  expect(styled('bold', 'abc').width).toBe(3);
});
