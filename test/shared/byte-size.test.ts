import { expect, test } from 'vitest';
import { parseByteSize } from '../../src/shared/byte-size.ts';

test.each([
  ['512M', 512e6],
  ['512Mi', 512 * 1024 ** 2],
  ['1.5G', 1.5e9],
  ['64000000', 64_000_000],
  ['64k', 64_000],
  ['64K', 64_000],
  ['64Ki', 65_536],
])('%s is %d bytes', (text, bytes) => {
  expect(parseByteSize(text)).toBe(bytes);
});

test.each(['', '0', '0M', '-1M', '1 M', '1MB', 'M', '1m'])('%j is no size', (text) => {
  expect(parseByteSize(text)).toBeUndefined();
});
