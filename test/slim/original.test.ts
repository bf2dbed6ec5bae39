import { describe, expect, test } from 'vitest';
import { readMarker, writeMarker } from '../../src/dockerfile/marker.ts';
import { originalOf } from '../../src/slim/slim-entry.ts';

const ABOVE = 'FROM debian AS build\n';
const STAGE = 'FROM scratch\nCOPY --from=build /a /a\n';

const written = (before: string | null) =>
  `${ABOVE}${writeMarker(ABOVE, STAGE, { before, minimal: 'none', list: null })}${STAGE}`;

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
