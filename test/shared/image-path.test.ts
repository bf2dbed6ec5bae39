import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeName } from '../../src/shared/file-name.ts';
import { comparePaths } from '../../src/shared/image-path.ts';
import { drawn } from '../support/samples.ts';

test.each([
  ['a character beyond U+FFFF comes after U+FF5E, whose code unit is larger', '/～', '/😀'],
  [
    'an escaped byte 0x80 comes before é, which begins with 0xC3',
    `/${decodeName(Buffer.from([0x80]))}`,
    '/é',
  ],
  ['a path comes before what lies below it', '/a', '/a/b'],
  ['a dot comes before the slash', '/a.d', '/a/b'],
])('%s', (_, first, second) => {
  expect([second, first].sort(comparePaths)).toEqual([first, second]);
});

test('paths have the order of their bytes', () => {
  const piece = fc.constantFrom(
    ...['/', 'a', 'é', '～', '\ue000', '😀', '\u{10ffff}'].map((text) => Buffer.from(text)),
  );
  const bytes = fc.array(piece, { maxLength: 4 }).map((pieces) => Buffer.concat(pieces));
  const broken = fc.uint8Array({ maxLength: 6 }).map((some) => Buffer.from(some));
  for (const name of [bytes, broken]) {
    fc.assert(
      fc.property(name, name, (a, b) => {
        expect(comparePaths(decodeName(a), decodeName(b))).toBe(Buffer.compare(a, b));
      }),
      drawn({ ci: 500, soak: 20_000 }),
    );
  }
});
