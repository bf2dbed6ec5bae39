import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jsonDocument, linesDocument, xmlDocument } from '../../src/words/document.ts';
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

test('lines of a document are commands to no CI, and steer no terminal', () => {
  fc.assert(
    fc.property(fc.array(anyHostile), (lines) => {
      const text = String(linesDocument([...lines, '::error::x', '##[error]x']));
      expect(text).not.toMatch(/^\s*::|##\w*\[/m);
      expect(text).not.toMatch(/[^\n\P{Cc}]|[\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
    }),
  );
});

test('attributes of an XML document hold every word, and no markup of a word', () => {
  fc.assert(
    fc.property(anyHostile, (word) => {
      const given = `${word}"><!--&'\u001b`;
      const document = String(xmlDocument({ name: 'a', attributes: { b: given } }));
      const [, shown = ''] = /^<a b="([^"]*)"\/>$/m.exec(document) ?? [];
      expect(shown).not.toBe('');
      expect(shown).not.toMatch(/[<>"'\p{Cc}\p{Cf}]|&(?!(?:amp|lt|gt|quot|apos|#10|#9);)/u);
    }),
  );
});
