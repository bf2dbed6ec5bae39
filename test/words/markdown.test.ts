import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { codeCell, fencedBlock, inlineCode, isPlainWords, phrase } from '../../src/words/markdown.ts';
import { anyHostile } from '../support/hostile.ts';
import { outsideCode } from '../support/markdown.ts';

describe('foreign words in Markdown', () => {
  test.each([
    ['a', '`a`'],
    ['a`b', '``a`b``'],
    ['`', '`` ` ``'],
    ['', '` `'],
    ['  x \n y', '`x \\x0a y`'],
    ['closes #1 @me', '`closes #1 @me`'],
    ['<img src=x>', '`<img src=x>`'],
  ])('%j as inline code is %s', (text, code) => {
    expect(inlineCode(text)).toBe(code);
  });

  test('lie wholly within one code span, whatever they are', () => {
    fc.assert(
      fc.property(anyHostile, (text) => {
        expect(outsideCode(`before ${inlineCode(text)} after`)).toBe('before  after');
        expect(inlineCode(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
      }),
    );
  });

  test('end no cell of a table', () => {
    fc.assert(
      fc.property(anyHostile, (text) => {
        expect(codeCell(text)).not.toMatch(/(?<!\\)\||\n/);
      }),
    );
  });

  test('stand as prose where they are plain words alone', () => {
    fc.assert(
      fc.property(anyHostile, (text) => {
        const prose = outsideCode(phrase(text));
        expect(prose).not.toMatch(/[@#<>[\]|*_~:&!`\\]|GH-\d|www\.|\b[0-9a-f]{7,40}\b/i);
      }),
    );
  });

  test.each(['Redis 7.2', 'C++ (g++)', 'a/b', 'PHP', 'Größe'])('%s is plain words', (text) => {
    expect(isPlainWords(text)).toBe(true);
  });

  test.each([
    'closes #1',
    'a @b',
    'GH-12',
    'www.example.org',
    'see https://example.org',
    '1. list',
    '# heading',
    'x ',
    'a\nb',
    'deadbeef',
    'a_b',
    'a\u200bb',
    'a\u202eb',
  ])('%j is not', (text) => {
    expect(isPlainWords(text)).toBe(false);
  });

  test('end no fenced block, not even as a fence', () => {
    expect(fencedBlock(['```', 'a````b'], 'text')).toBe('`````text\n```\na````b\n`````');
  });

  test('end no fenced block', () => {
    fc.assert(
      fc.property(fc.array(anyHostile, { maxLength: 5 }), (lines) => {
        const [open = '', ...rest] = fencedBlock(lines, 'text').split('\n');
        const fence = /^`+/.exec(open)?.[0] ?? '';
        const ends = rest.filter((line) => /^ {0,3}`+\s*$/.test(line) && line.trim().length >= fence.length);
        expect(ends).toEqual([fence]);
        expect(rest).toHaveLength(lines.length + 1);
      }),
    );
  });
});
