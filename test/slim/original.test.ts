import { describe, expect, test } from 'vitest';
import { readMarker, writeMarker } from '../../src/dockerfile/marker.ts';
import type { Slimmed } from '../../src/slim/outcome.ts';
import { isOnlyMarked, orAsItWas, originalOf } from '../../src/slim/slim-entry.ts';

const ABOVE = 'FROM debian AS build\n';
const STAGE = 'FROM scratch\nCOPY --from=build /a /a\n';

const written = (before: string | null) =>
  `${ABOVE}${writeMarker(ABOVE, STAGE, { before, minimal: 'none', promise: 'app', list: null })}${STAGE}`;

describe('what is analysed again', () => {
  test.each([
    ['of a generated stage all that is above it', 'build', ABOVE],
    ['of a stage that was rewritten in place all but the marker', null, ABOVE + STAGE],
  ])('is %s, however the marker was damaged', (_, before, original) => {
    for (const text of [written(before), written(before).replace('v=1', 'v=7')]) {
      expect(originalOf(text, readMarker(text))).toBe(original);
    }
  });
});

describe('a stage made by hand of which nothing can go', () => {
  const text = ABOVE + STAGE;
  test.each([
    ['gets the marker alone', text, written(null), true],
    ['gets a line less', `${text}COPY --from=build /b /b\n`, written(null), false],
    ['gets a new stage below it', text, written('build'), false],
    ['stays as it is', text, text, false],
    ['is new', null, written(null), false],
    ['goes', text, null, false],
  ])('%s', (_, before, after, expected) => {
    expect(isOnlyMarked(before, after)).toBe(expected);
  });
});

describe('a stage made by hand that would come out no smaller', () => {
  const size = (bytes: number) => ({ files: 3, bytes });
  const slimmed = (text: string, before: number | null, after: number) =>
    ({
      before: before === null ? null : size(before),
      after: size(after),
      changes: [{ name: 'Dockerfile', before: ABOVE + STAGE, after: text }],
    }) as unknown as Slimmed;

  test.each([
    ['larger', written(null), 100, 101],
    ['of the same size', written(null), 100, 100],
  ])('%s: stays as it is, with its size', (_, text, before, after) => {
    const { changes, after: size } = orAsItWas(slimmed(text, before, after), 'Dockerfile');
    expect({ changes, bytes: size.bytes }).toEqual({ changes: [], bytes: before });
  });

  test.each([
    ['smaller', written(null), 100, 99],
    ['repaired, so that it had no size before', written(null), null, 100],
    ['generated below the stage that there was', written('build'), 100, 101],
  ])('%s: is written', (_, text, before, after) => {
    const rewritten = slimmed(text, before, after);
    expect(orAsItWas(rewritten, 'Dockerfile')).toBe(rewritten);
  });
});
