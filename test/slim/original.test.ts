import { describe, expect, test } from 'vitest';
import { readMarker, writeMarker } from '../../src/dockerfile/marker.ts';
import { isOnlyMarked, originalOf } from '../../src/slim/slim-entry.ts';

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
