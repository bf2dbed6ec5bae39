import { expect, test } from 'vitest';
import { goYamlNumber } from '../../src/shared/yaml-number.ts';

test.each([
  'e2',
  '-e5',
  'e0001',
  'E21',
  '.e5',
  '+e5',
  '0x_',
  '1e1000',
  '.',
  '-',
  '+.',
  '1:30',
  '5e',
  '0xg',
  'v1',
])('%s is text', (written) => {
  expect(goYamlNumber(written)).toBeNull();
});

test.each([
  ['0o7', 7],
  ['5e_5', 5e5],
  ['01E1_', 10],
  ['010', 8],
  ['08', 8],
  ['-0b11', -3],
  ['0x1F', 31],
  ['1_000', 1000],
  ['1.', 1],
  ['.5', 0.5],
  ['-.inf', -Infinity],
  ['+1e3', 1000],
  ['18446744073709551615', 2 ** 64],
  ['100000000000000000000', 1e20],
])('%s is the number %d', (written, value) => {
  expect(goYamlNumber(written)).toBe(value);
});

test('a hexadecimal number beyond 64 bits is text', () => {
  expect(goYamlNumber('0x1ffffffffffffffff')).toBeNull();
});
