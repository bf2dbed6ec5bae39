import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jsonDocument } from '../../src/words/document.ts';
import { anyHostile } from '../support/hostile.ts';

test('a JSON document is exact to who parses it, and harmless to who looks at it', () => {
  fc.assert(
    fc.property(fc.dictionary(anyHostile, fc.oneof(anyHostile, fc.array(anyHostile))), (value) => {
      const json = String(jsonDocument(value));
      expect(JSON.stringify(JSON.parse(json))).toBe(JSON.stringify(value));
      expect(json).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
    }),
  );
});
