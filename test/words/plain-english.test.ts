import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findWordsOut, inDocument, inTexts } from '../support/english/findings.ts';
import { sourceTexts } from '../support/english/source-texts.ts';
import { NAMES_OUT, WORDS_OUT } from '../support/english/words-out.ts';

const ROOT = join(import.meta.dirname, '../..');

/**
 * How many words that are out still stand in a document, or in a kind of text of a folder. A number may only fall, and a
 * missing key means 0. After a fall, `KRAFT_SLIM_LOWER_COUNTS=1` with this test writes the lower numbers; it never
 * writes a higher number.
 */
const COUNTS = join(import.meta.dirname, 'plain-english.counts.json');

describe('texts are in plain English', () => {
  const allowed: Readonly<Record<string, number>> = JSON.parse(readFileSync(COUNTS, 'utf8'));
  const findings = findWordsOut(ROOT);
  const lowered = Object.fromEntries(
    Object.entries(allowed).flatMap(([key, count]) => {
      const left = Math.min(count, findings.get(key)?.length ?? 0);
      return left === 0 ? [] : [[key, left]];
    }),
  );

  test('no document and no folder has more words that are out than its count allows', () => {
    const tooMany = [...findings].flatMap(([key, found]) =>
      found.length > (allowed[key] ?? 0)
        ? [`${key}: ${found.length}, allowed ${allowed[key] ?? 0}`, ...found.map(lineOf)]
        : [],
    );
    expect(tooMany.join('\n')).toBe('');
  });

  test('a count falls with its findings', () => {
    if (process.env.KRAFT_SLIM_LOWER_COUNTS !== undefined)
      writeFileSync(COUNTS, `${JSON.stringify(lowered, null, 2)}\n`);
    expect(JSON.parse(readFileSync(COUNTS, 'utf8'))).toEqual(lowered);
  });

  test('documents, and the comments and messages of the sources, have no such word and no count', () => {
    const free = /^[A-Z]+\.md$|^docs\/[\w-]+\.md$|^templates\/|^src\/[\w-]+ (comments|strings)$/;
    expect([...findings.keys()].filter((key) => free.test(key))).toEqual([]);
  });
});

const lineOf = ({ place, found, instead }: { place: string; found: string; instead: string }) =>
  `  ${place} ${found}: write ${instead}`;

describe('the words are found where people read', () => {
  const SOURCE = `
    import { x } from './mended.ts';
    // nobody is
    // told
    const one = /'told'/.test(y) ? 'nobody is told' : \`it is \${z('mended now')} told\`;
    /** Whoever asks. */
    const toldOnce = half / 2 / one; // "anew"
  `;

  test('comments of adjoining lines are one text', () => {
    expect(sourceTexts(SOURCE).comments).toEqual([
      { line: 3, text: 'nobody is told' },
      { line: 6, text: 'Whoever asks.' },
      { line: 7, text: '"anew"' },
    ]);
  });

  test('strings of several words are texts, and module names and regular expressions are not', () => {
    expect(
      sourceTexts(SOURCE)
        .strings.map(({ text }) => text)
        .sort(),
    ).toEqual(['it is X told', 'mended now', 'nobody is told']);
  });

  test('a name is out by itself and as a part of another', () => {
    const found = inTexts('a.ts', sourceTexts(SOURCE).names, NAMES_OUT);
    expect(found.map(({ place, found }) => `${place} ${found}`)).toEqual([
      'a.ts:5 one',
      'a.ts:7 told',
      'a.ts:7 one',
    ]);
  });

  test('code in a document is no prose', () => {
    const text = 'It is told.\n\n```console\nnobody\n```\n\nThe key `told` is\nmended\n';
    expect(inDocument('a.md', text).map(({ place, found }) => `${place} ${found}`)).toEqual([
      'a.md:1 told',
      'a.md:8 mended',
    ]);
  });

  test.each([
    'A sweep that was killed is gone on with by the same command',
    'What a traced run on the result looks for in vain is brought',
    'the version that is to be had',
    'its host is none',
    'it differs from what is usual',
    'it equals its layout',
    'enough by itself',
    'the stage is mended',
    'this one is kept',
    'a scope of its own',
  ])('%j is out', (text) => {
    expect(inTexts('a.ts', [{ line: 1, text }], WORDS_OUT)).not.toEqual([]);
  });

  test.each([
    'An interrupted search resumes where it stopped',
    'Run the same command again to resume a killed sweep',
    'one file, one line in an array',
    'its own directory',
  ])('%j is in', (text) => {
    expect(inTexts('a.ts', [{ line: 1, text }], WORDS_OUT)).toEqual([]);
  });
});
