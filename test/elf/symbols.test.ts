import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { bytesSource } from '../../src/elf/byte-source.ts';
import { readDlopenNotes } from '../../src/elf/dlopen-notes.ts';
import { readElf } from '../../src/elf/read-elf.ts';
import { dynamicSymbols, importedSymbols } from '../../src/elf/symbols.ts';
import { readVersionNeeds } from '../../src/elf/version-needs.ts';
import { buildElf, type ElfSpec } from '../support/elf-builder.ts';

const open = (spec: ElfSpec) => {
  const source = bytesSource(buildElf(spec));
  return { source, elf: readElf(source) };
};

describe('symbols', () => {
  const symbols = [
    { name: 'puts' },
    { name: 'main', defined: true },
    { name: '__cxa_finalize', weak: true },
    { name: 'iconv' },
  ];

  for (const hash of ['sysv', 'gnu', 'none'] as const) {
    for (const bits of [32, 64] as const) {
      test(`imports are counted by a ${hash} hash, ${bits} bit, without section headers`, () => {
        const { source, elf } = open({ symbols, hash, bits, littleEndian: bits === 64 });
        expect(importedSymbols(source, elf)).toEqual(['__cxa_finalize', 'iconv', 'puts']);
        expect([...dynamicSymbols(source, elf)]).toContainEqual({ name: 'main', defined: true, weak: false });
      });
    }
  }

  test('a DT_GNU_HASH over nothing leaves the imports to the string table', () => {
    const { source, elf } = open({ symbols: [{ name: 'puts' }, { name: 'abort' }], hash: 'gnu' });
    expect(importedSymbols(source, elf)).toEqual(['abort', 'puts']);
  });

  test('an object without symbols imports none', () => {
    const { source, elf } = open({ dynamic: false });
    expect(importedSymbols(source, elf)).toEqual([]);
  });

  test('the running node imports malloc, of GLIBC_2.2.5', () => {
    const source = bytesSource(readFileSync(process.execPath));
    const elf = readElf(source);
    expect(importedSymbols(source, elf)).toContain('malloc');
    const libc = readVersionNeeds(source, elf).find(({ library }) => library === 'libc.so.6');
    expect(libc?.versions.length).toBeGreaterThan(0);
  });
});

describe('readVersionNeeds', () => {
  test('lists versions by library, in the order of the file', () => {
    const versionNeeds = [
      { library: 'libm.so.6', versions: ['GLIBC_2.29'] },
      { library: 'libc.so.6', versions: ['GLIBC_2.34', 'GLIBC_2.2.5'] },
    ];
    const { source, elf } = open({ versionNeeds });
    expect(readVersionNeeds(source, elf)).toEqual(versionNeeds);
  });
});

describe('readDlopenNotes', () => {
  const fdo = (text: string) => ({ owner: 'FDO', type: 0x407c0c0a, text });
  const list = JSON.stringify([
    { soname: ['libz.so.1', 'libz.so.0'], feature: 'zlib', description: 'Compression', priority: 'required' },
    { soname: ['libx.so'] },
  ]);
  const expected = [
    {
      sonames: ['libz.so.1', 'libz.so.0'],
      feature: 'zlib',
      description: 'Compression',
      priority: 'required',
    },
    { sonames: ['libx.so'], feature: null, description: null, priority: 'recommended' },
  ];

  test.each(['segment', 'section'] as const)('found by %s', (notesIn) => {
    const other = { owner: 'GNU', type: 3, text: 'build id' };
    const { source, elf } = open({ notes: [other, fdo(list)], notesIn });
    expect(readDlopenNotes(source, elf)).toEqual(expected);
  });

  test('the early form, one object with one soname, reads the same', () => {
    const { source, elf } = open({ notes: [fdo('{"soname":"libfoo.so.1"}')] });
    expect(readDlopenNotes(source, elf)).toMatchObject([{ sonames: ['libfoo.so.1'] }]);
  });

  test.each(['{', '[{}]', '[null]', '[{"soname":[1]}]'])('%s is an error with an offset', (text) => {
    const { source, elf } = open({ notes: [fdo(text)] });
    expect(() => readDlopenNotes(source, elf)).toThrow(/dlopen note.*at byte \d+/);
  });

  test('a file without notes has none', () => {
    const { source, elf } = open({});
    expect(readDlopenNotes(source, elf)).toEqual([]);
  });
});
