import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type MarkerFields, readMarker, writeMarker } from '../../src/dockerfile/marker.ts';
import { rootListHash } from '../../src/dockerfile/root-list.ts';
import { PROMISES } from '../../src/shared/promises.ts';

const ABOVE = 'FROM debian AS build\nRUN true\n\n';
const STAGE = 'FROM scratch\n# Executable\nCOPY --from=build /a /a\n';
const FIELDS: MarkerFields = { before: 'build', minimal: 'none', promise: 'app', list: null };
const TEXT = ABOVE + writeMarker(ABOVE, STAGE, FIELDS) + STAGE;

describe('a marker', () => {
  test('is one short line above its stage', () => {
    const marker = writeMarker(ABOVE, STAGE, {
      before: 'build',
      minimal: '1-minimal',
      promise: 'workload',
      list: null,
    });
    expect(marker).toMatch(
      /^# kraft-slim: v=1 before=build minimal=1-minimal promise=workload above=\w{16} stage=\w{16}\n$/,
    );
    expect(marker.length).toBeLessThanOrEqual(128);
  });

  test('is read back with its stage and what is above', () => {
    expect(readMarker(TEXT)).toEqual({
      fields: FIELDS,
      intact: true,
      isInPlace: false,
      aboveUnchanged: true,
      stageRange: { start: ABOVE.length, end: TEXT.length },
      above: ABOVE,
      stage: STAGE,
    });
  });

  test('is still intact in a checkout with CRLF', () => {
    expect(readMarker(TEXT.replaceAll('\n', '\r\n'))).toMatchObject({ intact: true, aboveUnchanged: true });
  });

  test.each([
    ['the stage', TEXT.replace('/a /a', '/a /b'), { intact: false, aboveUnchanged: true }],
    ['the end', `${TEXT}USER x\n`, { intact: false, aboveUnchanged: true }],
    ['the text above', TEXT.replace('true', 'false'), { intact: true, aboveUnchanged: false }],
    ['a field', TEXT.replace('minimal=none', 'minimal=1-minimal'), { intact: false }],
    ['a field, badly', TEXT.replace('minimal=none', 'minimal=x'), { intact: false, fields: null }],
    ['the promise', TEXT.replace('promise=app', 'promise=runtime'), { intact: false }],
    ['the promise, badly', TEXT.replace('promise=app', 'promise=all'), { intact: false, fields: null }],
    ['the version', TEXT.replace('v=1', 'v=2'), { intact: false, fields: null }],
  ])('notices a change of %s', (_, text, expected) => {
    expect(readMarker(text)).toMatchObject(expected);
  });

  test.each([
    ['whole', (text: string) => text],
    ['with a field that is not known', (text: string) => text.replace('minimal=none', 'minimal=x')],
    ['with less behind it', (text: string) => text.replace(/ minimal=.*/, '')],
  ])('%s shows whether the stage below is its author’s', (_, damage) => {
    const inPlace = ABOVE + writeMarker(ABOVE, STAGE, { ...FIELDS, before: null }) + STAGE;
    expect(readMarker(damage(inPlace))).toMatchObject({ isInPlace: true, above: ABOVE, stage: STAGE });
    expect(readMarker(damage(TEXT))).toMatchObject({ isInPlace: false });
  });

  test('names the hash of its root list, and vouches for that text alone', () => {
    const fields: MarkerFields = { ...FIELDS, list: rootListHash('/a\n') };
    const text = ABOVE + writeMarker(ABOVE, STAGE, fields) + STAGE;
    expect(text).toMatch(
      /^# kraft-slim: v=1 before=build minimal=none promise=app list=\w{16} above=\w{16} stage=\w{16}$/m,
    );
    expect(readMarker(text, '/a\n')).toMatchObject({ fields, intact: true });
    for (const other of ['/a\n/b\n', '/a\r\n', '', null]) {
      expect(readMarker(text, other), `${other}`).toMatchObject({ fields, intact: false });
    }
    const renamed = text.replace(/list=\w+/, `list=${rootListHash('/b\n')}`);
    expect(readMarker(renamed, '/b\n')).toMatchObject({ intact: false });
  });

  test('without a promise is of an earlier version, and intact', () => {
    const text = ABOVE + writeMarker(ABOVE, STAGE, { ...FIELDS, promise: null }) + STAGE;
    expect(text).toMatch(/^# kraft-slim: v=1 before=build minimal=none above=/m);
    expect(readMarker(text)).toMatchObject({ fields: { ...FIELDS, promise: null }, intact: true });
  });

  test('does not care for a list that it does not name', () => {
    expect(readMarker(TEXT, '/a\n')).toMatchObject({ intact: true });
  });

  test('is null where there is none', () => {
    expect(readMarker(ABOVE + STAGE)).toBeNull();
  });

  test('survives a round trip over any text', () => {
    const field = fc.record<MarkerFields>({
      before: fc.option(fc.constantFrom('build', '0', 'a-b_c.d')),
      minimal: fc.constantFrom('none', 'budget', '1-minimal'),
      promise: fc.constantFrom(...PROMISES, null),
      list: fc.constant(null),
    });
    const lines = fc.string().map((text) => `${text.replaceAll('# kraft-slim', '')}\n`);
    fc.assert(
      fc.property(lines, lines, field, (above, stage, fields) => {
        const found = readMarker(above + writeMarker(above, stage, fields) + stage);
        expect(found).toMatchObject({ fields, intact: true, aboveUnchanged: true, above });
      }),
    );
  });
});
