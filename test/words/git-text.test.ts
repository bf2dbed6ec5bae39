import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { gitName, gitTitle } from '../../src/words/git-text.ts';
import { anyHostile } from '../support/hostile.ts';

describe('a name in a commit message', () => {
  test.each(['library/nginx/1.22', 'examples/http-go1.21', 'tests/a_b', 'examples/c++'])(
    '%s is carried',
    (name) => {
      expect(gitName(name)).toBe(name);
    },
  );

  test.each([
    'examples/@octocat',
    'examples/x#1',
    'a\nSigned-off-by: x',
    '-x',
    'GH-1',
    'a\u202eb',
    'a: b',
    'caf\udce9',
  ])('%j is refused', (name) => {
    expect(() => gitName(name)).toThrowError(expect.objectContaining({ code: 'refused' }));
  });

  test('says nothing to git or GitHub, or is refused', () => {
    fc.assert(
      fc.property(anyHostile, (text) => {
        let name = '';
        try {
          name = gitName(text);
        } catch {
          return;
        }
        expect(name).toBe(text);
        expect(name).not.toMatch(/[@#:\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|GH-\d/iu);
      }),
    );
  });
});

test('a title that a message cannot carry is none', () => {
  expect(gitTitle('Redis 7.2')).toBe('Redis 7.2');
  fc.assert(
    fc.property(anyHostile, (text) => {
      const title = gitTitle(text);
      expect(title ?? '').not.toMatch(/[@#:\p{Cc}\p{Cf}\p{Cs}]|GH-\d|www\./iu);
      expect([undefined, text]).toContain(title);
    }),
  );
});
