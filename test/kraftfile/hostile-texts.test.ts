import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { spliceKraftfile } from '../../src/kraftfile/splice-kraftfile.ts';
import { writeList, writeText } from '../../src/kraftfile/write-scalar.ts';
import { renderKraftfile } from '../../src/render/render-kraftfile.ts';
import { plainValue } from '../../src/shared/yaml-node.ts';
import { parseYaml } from '../../src/shared/yaml-source.ts';
import { anyHostile } from '../support/hostile.ts';
import { read } from '../support/kraftfile-text.ts';

/** YAML is UTF-8; a lone surrogate is no text of it. */
const anyText = anyHostile.filter((text) => !/\p{Cs}/u.test(text));
const anyWords = fc.array(anyText, { minLength: 1, maxLength: 4 });
const anySpec = fc.constantFrom('v0.6' as const, 'v0.7' as const);

/** What YAML makes of a text, where it is one value. */
function readBack(text: string): unknown {
  const { root, diagnostics } = parseYaml({ file: 'Kraftfile', text: `k: ${text}\n` }, { version: '1.1' });
  expect(diagnostics).toEqual([]);
  const value = root === null ? null : (plainValue(root) as Record<string, unknown>);
  expect(Object.keys(value ?? {})).toEqual(['k']);
  return value?.k;
}

describe('whatever a text is,', () => {
  test('YAML reads back what was written, and sees no other key', () => {
    fc.assert(
      fc.property(anyText, fc.constantFrom('', "'", '"'), anyWords, (text, quote, words) => {
        expect(readBack(writeText(text, quote))).toBe(text);
        expect(readBack(writeList(words))).toEqual(words);
        for (const written of [writeText(text, quote), writeList(words)])
          expect(written).not.toMatch(/[\p{Cc}\u2028\u2029\ufeff]/u);
      }),
    );
  });

  test('a new Kraftfile says it exactly', () => {
    fc.assert(
      fc.property(
        anySpec,
        anyText,
        anyWords,
        fc.dictionary(anyText, anyText, { maxKeys: 3 }),
        (spec, name, cmd, env) => {
          const rest = {
            runtime: null,
            rootfs: './Dockerfile',
            labels: {},
            template: null,
            unikraft: null,
          } as const;
          const text = renderKraftfile({ ...rest, spec, name, cmd, env, libraries: {}, targets: [] });
          const root = parseYaml({ file: 'Kraftfile', text }, { version: '1.1' }).root;
          const keys = Object.keys(plainValue(root as NonNullable<typeof root>) as object);
          expect(keys).toEqual([
            'spec',
            'name',
            'rootfs',
            'cmd',
            ...(Object.keys(env).length > 0 ? ['env'] : []),
          ]);
          expect(read(text).cmd?.argv).toEqual(cmd);
        },
      ),
    );
  });

  test('a Kraftfile that is changed says it exactly, and all else as before', () => {
    fc.assert(
      fc.property(anySpec, anyWords, (spec, cmd) => {
        const before = `spec: ${spec}\nname: a # b\nrootfs: ./Dockerfile\n\ncmd: ["/x"]\n`;
        const after = spliceKraftfile({ file: 'Kraftfile', text: before }, { cmd });
        expect(read(after).cmd?.argv).toEqual(cmd);
        expect(after.split('\n').slice(0, 4)).toEqual(before.split('\n').slice(0, 4));
        expect(after.split('\n')).toHaveLength(before.split('\n').length);
      }),
    );
  });
});

test('a text that is not UTF-8 is refused, since YAML has no way to say it', () => {
  const refused = expect.objectContaining({ code: 'refused', message: expect.stringContaining('/caf\\xe9') });
  expect(() => writeList(['/caf\udce9'])).toThrowError(refused);
  expect(() => writeText('/caf\udce9', '')).toThrowError(refused);
});
