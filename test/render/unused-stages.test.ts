import { describe, expect, test } from 'vitest';
import { withoutUnusedStages } from '../../src/render/unused-stages.ts';
import { dockerfileOf } from '../support/dockerfile.ts';

const FINAL = 'FROM scratch\n';

/** What is left of the text above the final stage when that has other lines. */
function leftOf(above: string, was: string, is: string): string {
  const [before, after] = [was, is].map((lines) => dockerfileOf(`${above}${FINAL}${lines}\n`));
  if (before === undefined || after === undefined) throw new RangeError('two texts are two Dockerfiles');
  return withoutUnusedStages({ text: above }, { before, after });
}

const APP = 'COPY --from=build /app /app';
const BOTH = `COPY --from=sys /ca /ca\n${APP}`;

describe('a stage goes', () => {
  test.each<[claim: string, above: string, left: string]>([
    [
      'that the final one used, and uses no more',
      'FROM a AS build\nRUN b\n\nFROM a AS sys\nRUN s\n\n',
      'FROM a AS build\nRUN b\n\n',
    ],
    ['at the beginning', 'FROM a AS sys\nRUN s\n\nFROM a AS build\nRUN b\n\n', 'FROM a AS build\nRUN b\n\n'],
    [
      'with the comments right above it, and no others',
      '# The app\nFROM a AS build\n\n# Both\n\n# The system,\n  # as usual\nFROM a AS sys\nRUN s\n\n# The result\n',
      '# The app\nFROM a AS build\n\n# Both\n\n# The result\n',
    ],
    [
      'and the parser directives above it stay',
      '# syntax=docker/dockerfile:1\n# escape=\\\n# The system\nFROM a AS sys\nFROM a AS build\n',
      '# syntax=docker/dockerfile:1\n# escape=\\\nFROM a AS build\n',
    ],
    [
      'and the arguments above it stay',
      'ARG X=1\nFROM a AS sys\nFROM a AS build\n',
      'ARG X=1\nFROM a AS build\n',
    ],
    [
      'with the stages that it alone is made of',
      'FROM a AS base\nFROM a AS tool\nFROM base AS sys\nRUN --mount=from=tool true\nFROM a AS build\n',
      'FROM a AS build\n',
    ],
    ['in other letters', 'FROM a as Sys\nFROM a as build\n', 'FROM a as build\n'],
    [
      'with line ends of two characters',
      'FROM a AS build\r\n\r\n# x\r\nFROM a AS sys\r\n\r\n',
      'FROM a AS build\r\n\r\n',
    ],
  ])('%s', (_, above, left) => {
    expect(leftOf(above, BOTH, APP)).toBe(left);
  });
});

describe('a stage stays', () => {
  test.each<[claim: string, above: string, was: string, is: string]>([
    ['that is still used', 'FROM a AS sys\nFROM a AS build\n', BOTH, BOTH],
    ['that is used through another stage', 'FROM a AS sys\nFROM sys AS build\n', BOTH, APP],
    [
      'that is mounted in another stage',
      'FROM a AS sys\nFROM a AS build\nRUN --mount=from=sys true\n',
      BOTH,
      APP,
    ],
    [
      'that nothing used before either: it is there for another reason',
      'FROM a AS sys\nFROM a AS build\n',
      APP,
      APP,
    ],
    ['that one of those stages is made of', 'FROM a AS sys\nFROM sys AS debug\nFROM a AS build\n', BOTH, APP],
    [
      'where stages are called by their numbers',
      'FROM a AS sys\nFROM a AS build\n',
      'COPY --from=sys / /\nCOPY --from=1 /app /app',
      'COPY --from=1 /app /app',
    ],
    [
      'and where the number is in quotes',
      'FROM a AS sys\nFROM a AS build\n',
      'COPY --from=sys / /\nCOPY --from="1" /app /app',
      'COPY --from="1" /app /app',
    ],
    [
      'and where it is a mount that has the number',
      'FROM a AS sys\nFROM a AS tool\nFROM a AS build\nRUN --mount=type=bind,from=1 true\n',
      BOTH,
      APP,
    ],
  ])('%s', (_, above, was, is) => {
    expect(leftOf(above, was, is)).toBe(above);
  });

  test('whose number is in a word that means something else goes all the same', () => {
    const above = 'FROM a AS sys\nFROM a AS tool\nFROM a AS build\nRUN --mount=from=tool echo --from=1\n';
    expect(leftOf(above, BOTH, APP)).toBe(above.replace('FROM a AS sys\n', ''));
  });
});
