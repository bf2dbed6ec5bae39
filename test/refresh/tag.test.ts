import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readTag, type Tag } from '../../src/refresh/tag.ts';
import { compareTags, familyOf } from '../../src/refresh/tag-order.ts';

const read = (text: string): Tag => {
  const tag = readTag(text);
  if (tag === null) throw new Error(`${text} has no version`);
  return tag;
};

/** A tag as one line: what stands before, the version, the pre-release, what stands behind. */
function show({ prefix, numbers, date, pre, suffix }: Tag): string {
  const behind = suffix.map((part) => `${part.separator}${part.word}(${part.numbers.join('.')})`).join('');
  const early = pre === null ? '' : ` pre ${pre.rank}/${pre.numbers.join('.')}`;
  return `${prefix}|${numbers.join('.')}${date === null ? '' : ` date${date}`}${early}|${behind}`;
}

describe('a tag is', () => {
  test.each([
    ['7', '|7|'],
    ['7.2.4-bookworm', '|7.2.4|-bookworm()'],
    ['3.11-slim', '|3.11|-slim()'],
    ['1.25.3-alpine3.18', '|1.25.3|-alpine(3.18)'],
    ['1.25.3-alpine3.18-perl', '|1.25.3|-alpine(3.18)-perl()'],
    ['v1.2', 'v|1.2|'],
    ['release-1.2', 'release-|1.2|'],
    ['bookworm-20240110-slim', 'bookworm-|20240110 date|-slim()'],
    ['2024-01-10', '|2024.1.10 date-|'],
    ['2024-01-10-slim', '|2024.1.10 date-|-slim()'],
    ['2024.01.10', '|2024.1.10 date.|'],
    ['2024.10.11', '|2024.10.11|'],
    ['20231211.1', '|20231211.1 date|'],
    ['20240110123000', '|20240110123000 date|'],
    ['RELEASE.2024-01-11T07-46-16Z', 'RELEASE.|2024.1.11.7.46.16 date-|'],
    ['RELEASE.2024-01-11T07-46-16Z-cpuv1', 'RELEASE.|2024.1.11.7.46.16 date-|-cpuv(1)'],
    ['8u392-b08-jre', '|8.0.392|-b(8)-jre()'],
    ['27.0.0.Final-jdk17', '|27.0.0|-jdk(17)'],
    ['30.0.0.Beta1-jdk17', '|30.0.0 pre 2/1|-jdk(17)'],
    ['pg16-v0.2.0', 'pg16-v|0.2.0|'],
    ['2.0.0-build.5', '|2.0.0|-build.(5)'],
    ['2024.13.10', '|2024.13.10|'],
    ['20241340', '|20241340|'],
    ['22.04', '|22.4|'],
    ['3.13.0rc2-slim', '|3.13.0 pre 4/2|-slim()'],
    ['3.13.0a1', '|3.13.0 pre 1/1|'],
    ['3.13.0b4-bookworm', '|3.13.0 pre 2/4|-bookworm()'],
    ['1.0.0-beta.1', '|1.0.0 pre 2/1|'],
    ['8.0-rc', '|8.0 pre 4/|'],
    ['21-ea-32-jdk-slim', '|21 pre 3/32|-jdk()-slim()'],
    ['17.0.9_9-jre-jammy', '|17.0.9|_(9)-jre()-jammy()'],
    ['7.2.4-debian-12-r11', '|7.2.4|-debian()-(12)-r(11)'],
    ['8.2-fpm-alpine', '|8.2|-fpm()-alpine()'],
    ['12-bullseye', '|12|-bullseye()'],
    ['1.2.3-breaking', '|1.2.3|-breaking()'],
    ['1.2-premium', '|1.2|-premium()'],
  ])('%s: %s', (text, expected) => {
    expect(show(read(text))).toBe(expected);
  });

  test.each([
    'latest',
    'bookworm',
    'bookworm-slim',
    '7f3a2b1',
    'sha-7f3a2b1c',
    'edge',
    '',
    '1234567890123456',
    '1.x',
    '123456a1',
    '8u292b10',
    'RELEASE.2024-01-13T07-53-03Z.fips',
  ])('no version: %j', (text) => {
    expect(readTag(text)).toBeNull();
  });

  test('read whatever it is', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^\w[\w.-]{0,40}$/), (text) => {
        const tag = readTag(text);
        expect(tag === null || tag.text === text).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});

test('a long tag is read at once', () => {
  for (const unit of ['a1-', 'a-', 'a.', 'ab1.1-', '1-', '1.', 'rc-', '2024-01-01T']) {
    const begun = performance.now();
    readTag(`${unit.repeat(128 / unit.length)}!`);
    expect(performance.now() - begun).toBeLessThan(100);
  }
});

describe('a family', () => {
  test.each([
    ['7.2-bookworm', '7.4-bookworm', true],
    ['7.2-bookworm', '7.2.4-bookworm', false],
    ['7.2-bookworm', '7.4-trixie', false],
    ['7.2-bookworm', '7.4', false],
    ['1.25.3-alpine3.18', '1.27.0-alpine3.20', true],
    ['1.25.3-alpine3.18', '1.27.0-alpine4.0', false],
    ['1.25.3-alpine3.18', '1.27.0-alpine', false],
    ['v1.2', '1.2', false],
    ['v1.2', 'v1.3', true],
    ['bookworm-20240110', 'trixie-20240110', false],
    ['3.13.0rc1', '3.13.0', true],
    ['2024-01-10', '2024.1.10', false],
    ['17.0.9_9-jre', '17.0.10_7-jre', true],
    ['1-debian-11', '1-debian-12', false],
    ['7.2.3-debian-11-r0', '7.2.4-debian-11-r12', true],
    ['8.4-jdk17', '8.4-jdk21', false],
    ['6.4-php8.1-apache', '6.4-php8.3-apache', false],
    ['3.9-eclipse-temurin-17', '3.9-eclipse-temurin-21', false],
    ['8u392-b08', '8u402-b06', true],
    ['8u392', '8.0.392', false],
    ['20240110', '20240311', true],
    ['20240110', '7', false],
    ['2024.9.3', '2024.10.11', true],
  ])('%s and %s: %s', (a, b, expected) => {
    expect(familyOf(read(a)) === familyOf(read(b))).toBe(expected);
  });
});

describe('tags are ordered', () => {
  test('by their versions, pre-releases before releases', () => {
    const ascending = [
      '1.9.0-alpine3.19',
      '1.10.0-dev-alpine3.19',
      '1.10.0a1-alpine3.19',
      '1.10.0-beta.2-alpine3.19',
      '1.10.0-beta.10-alpine3.19',
      '1.10.0rc1-alpine3.19',
      '1.10.0-alpine3.9',
      '1.10.0-alpine3.19',
      '1.10.1-alpine3.2',
      '2.0.0-alpine3.2',
    ];
    const shuffled = [...ascending].sort((a, b) => (a > b ? -1 : 1)).map(read);
    expect(shuffled.sort(compareTags).map(({ text }) => text)).toEqual(ascending);
  });

  test('totally', () => {
    const pre = fc.constantFrom('', 'rc1', 'rc2', '-beta.1', 'a1', '-dev');
    const arbitrary = fc
      .tuple(fc.nat(3), fc.nat(3), pre, fc.nat(3))
      .map(([a, b, early, os]) => read(`${a}.${b}${early}-alpine3.${os}`));
    fc.assert(
      fc.property(arbitrary, arbitrary, arbitrary, (a, b, c) => {
        expect(Math.sign(compareTags(a, b))).toBe(-Math.sign(compareTags(b, a)) || 0);
        expect(compareTags(a, b) === 0).toBe(a.text === b.text);
        if (compareTags(a, b) <= 0 && compareTags(b, c) <= 0)
          expect(compareTags(a, c)).toBeLessThanOrEqual(0);
      }),
      { numRuns: 2000 },
    );
  });
});
