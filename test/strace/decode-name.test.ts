import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeName, encodeName } from '../../src/shared/file-name.ts';
import { detached, unescapeName } from '../../src/strace/decode-name.ts';

describe('unescapeName', () => {
  it.each([
    ['plain', 'plain'],
    ['caf\\303\\251', 'café'],
    ['caf\\xc3\\xa9', 'café'],
    ['\\360\\237\\230\\200', '\u{1f600}'],
    ['a\\"b\\\\c\\n\\t\\v\\f\\r', 'a"b\\c\n\t\v\f\r'],
    ['a\\0011', 'a\u00011'],
    ['a\\1b', 'a\u0001b'],
    ['a\\74b\\76', 'a<b>'],
    ['caf\\351', 'caf\udce9'],
    ['\\355\\263\\251', '\udced\udcb3\udca9'],
    ['\\357\\273\\277bom', '\ufeffbom'],
    ['\\', '\\'],
    ['\\777', '\udcff'],
  ])('%s', (escaped, name) => {
    expect(unescapeName(escaped)).toBe(name);
  });
});

describe('names that are not UTF-8', () => {
  it('give their bytes back, hence never collide', () => {
    const pieces = fc.oneof(
      fc.uint8Array({ maxLength: 12 }),
      fc.string({ unit: 'binary' }).map((text) => Buffer.from(text)),
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 4 }), (parts) => {
        const bytes = Buffer.concat(parts);
        expect(Buffer.from(encodeName(decodeName(bytes)))).toEqual(bytes);
        expect(detached(decodeName(bytes))).toBe(decodeName(bytes));
      }),
    );
  });

  it('are read as UTF-8 wherever they are', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(decodeName(Buffer.from(text))).toBe(text);
      }),
    );
  });
});
