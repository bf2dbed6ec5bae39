import { expect, test } from 'vitest';
import { matches } from '../../src/shared/glob.ts';

test.each([
  ['/usr/lib/*.so*', '/usr/lib/libz.so.1', true],
  ['/usr/lib/*.so*', '/usr/lib/x/libz.so', false],
  ['/etc/**', '/etc/ssl/.hidden/x', true],
  ['/etc/**', '/etc', false],
  ['/**/*.py[co]', '/usr/lib/a.pyc', true],
  ['library/*', 'library/nginx', true],
  ['library/**', 'library/nginx/1.22', true],
  ['{library,examples}/*', 'examples/a', true],
  ['!a', 'b', false],
  ['/a(b)', '/a(b)', true],
  ['/a\\*', '/a*', true],
])('%s on %s: %s', (glob, path, expected) => {
  expect(matches(glob, path)).toBe(expected);
});
