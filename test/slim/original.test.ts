import { describe, expect, test } from 'vitest';
import { readMarker, writeMarker } from '../../src/dockerfile/marker.ts';
import type { Slimmed } from '../../src/slim/outcome.ts';
import { asAuthored, originalOf } from '../../src/slim/write/as-authored.ts';

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

describe('of a stage made by hand', () => {
  const size = (bytes: number) => ({ files: 3, bytes });
  const slimmed = (
    text: string,
    [before, after]: readonly [number | null, number],
    original = ABOVE + STAGE,
  ) =>
    ({
      before: before === null ? null : size(before),
      after: size(after),
      changes: [{ name: 'Dockerfile', before: original, after: text }],
    }) as unknown as Slimmed;
  const WITH_MORE = `${ABOVE}${STAGE}COPY --from=build /b /b\n`;

  test.each([
    ['is larger', 100, 101],
    ['has the same size', 100, 100],
  ])('the stage of its author stays, with its size, where the rewritten stage %s', (_, before, after) => {
    const { changes, after: left } = asAuthored(
      slimmed(written(null), [before, after], WITH_MORE),
      'Dockerfile',
    );
    expect({ changes, bytes: left.bytes }).toEqual({ changes: [], bytes: before });
  });

  test('the stage of its author stays where the marker alone is new', () => {
    const repaired = slimmed(written(null), [null, 100]);
    expect(asAuthored(repaired, 'Dockerfile')).toEqual({ ...repaired, changes: [] });
  });

  test.each([
    ['is smaller', slimmed(written(null), [100, 99], WITH_MORE)],
    ['replaces a stage without a size, which had drifted', slimmed(written(null), [null, 100], WITH_MORE)],
    ['is new and below the stage of its author', slimmed(written('build'), [100, 101])],
    ['has no marker', slimmed(WITH_MORE, [100, 99])],
  ])('the rewritten stage is written where it %s', (_, rewritten) => {
    expect(asAuthored(rewritten, 'Dockerfile')).toBe(rewritten);
  });
});
