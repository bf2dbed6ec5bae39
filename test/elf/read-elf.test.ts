import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { bytesSource } from '../../src/elf/byte-source.ts';
import { ElfError } from '../../src/elf/elf-error.ts';
import { readElf } from '../../src/elf/read-elf.ts';
import { BIAS, buildElf, DF_1_NODEFLIB, DF_1_PIE, type ElfSpec } from '../support/elf-builder.ts';

const read = (spec: ElfSpec) => readElf(bytesSource(buildElf(spec)));

const FULL: ElfSpec = {
  interpreter: '/lib/ld.so',
  soname: 'libself.so.1',
  needed: ['libb.so', 'liba.so'],
  filters: ['libimpl.so'],
  auxiliaries: ['libfast.so'],
  rpath: '/old',
  runpath: '$ORIGIN/../lib:/x',
  flags1: DF_1_NODEFLIB,
};

describe('readElf', () => {
  for (const bits of [32, 64] as const) {
    for (const littleEndian of [true, false]) {
      test(`reads the dynamic section of ${bits} bit, ${littleEndian ? 'little' : 'big'} endian`, () => {
        const elf = read({ ...FULL, bits, littleEndian });
        expect(elf).toMatchObject({
          interpreter: '/lib/ld.so',
          soname: 'libself.so.1',
          rpath: '/old',
          runpath: '$ORIGIN/../lib:/x',
          noDefaultLibraries: true,
          pie: false,
          loadable: true,
        });
        expect(elf.dependencies).toEqual([
          { kind: 'needed', name: 'libb.so' },
          { kind: 'needed', name: 'liba.so' },
          { kind: 'filter', name: 'libimpl.so' },
          { kind: 'auxiliary', name: 'libfast.so' },
        ]);
        expect(elf.header.entry).toBe(BIAS);
      });
    }
  }

  test.each([
    [62, 64, 'x86_64'],
    [62, 32, 'x32'],
    [3, 32, 'i386'],
    [183, 64, 'aarch64'],
    [40, 32, 'arm'],
    [243, 64, 'other'],
  ] as const)('machine %i of %i bit is %s', (machine, bits, name) => {
    expect(read({ machine, bits }).header).toMatchObject({ machine: name, machineId: machine });
  });

  test.each<[string, ElfSpec]>([
    ['executable', { type: 2, interpreter: '/lib/ld.so' }],
    ['static-executable', { type: 2, dynamic: false }],
    ['pie', { interpreter: '/lib/ld.so', flags1: DF_1_PIE }],
    ['pie', { interpreter: '/lib/ld.so' }],
    ['static-pie', { flags1: DF_1_PIE }],
    ['library', { soname: 'liba.so' }],
    ['library', { soname: 'libc.so.6', interpreter: '/lib/ld.so' }],
    ['relocatable', { type: 1, dynamic: false }],
    ['core', { type: 4, dynamic: false }],
    ['other', { type: 0xfe00, dynamic: false }],
  ])('reads %s', (kind, spec) => {
    expect(read(spec).kind).toBe(kind);
  });

  test('an empty RUNPATH is there, an absent one is null', () => {
    expect(read({ runpath: '' })).toMatchObject({ runpath: '', rpath: null });
  });

  test('a PT_DYNAMIC without bytes, as in separate debug files, is no dynamic section', () => {
    const bytes = buildElf({ needed: ['liba.so'] });
    new DataView(bytes.buffer).setBigUint64(64 + 56 + 32, 0n, true);
    expect(readElf(bytesSource(bytes))).toMatchObject({ dynamic: null, dependencies: [] });
  });

  test.each<[string, (view: DataView) => void, number]>([
    ['no magic number', (view) => view.setUint8(0, 0), 0],
    ['an unknown class', (view) => view.setUint8(4, 9), 4],
    ['an unknown byte order', (view) => view.setUint8(5, 0), 5],
    ['program headers of the wrong size', (view) => view.setUint16(54, 32, true), 54],
    ['program headers outside the file', (view) => view.setBigUint64(32, 1n << 60n, true), 2 ** 60],
    ['more program headers than bytes', (view) => view.setUint16(56, 0xffff, true), 64],
    ['a dynamic section in no segment', (view) => view.setBigUint64(120 + 16, 1n, true), 120],
  ])('names the offset of %s', (_, spoil, offset) => {
    const bytes = buildElf({ needed: ['liba.so'] });
    spoil(new DataView(bytes.buffer));
    const error = thrownBy(() => readElf(bytesSource(bytes)));
    expect(error).toBeInstanceOf(ElfError);
    expect((error as ElfError).offset).toBe(offset);
  });

  test('refuses overlapping segments', () => {
    const bytes = buildElf({ interpreter: '/lib/ld.so' });
    new DataView(bytes.buffer).setUint32(64 + 56, 1, true);
    expect(() => readElf(bytesSource(bytes))).toThrow(/overlap/);
  });

  test('never asks for the whole of a large file', () => {
    const bytes = readFileSync(process.execPath);
    let asked = 0;
    const elf = readElf({
      size: bytes.length,
      read: (offset, length) => {
        asked += length;
        return bytes.subarray(offset, offset + length);
      },
    });
    expect(elf.dependencies.map(({ name }) => name)).toContain('libc.so.6');
    expect(asked).toBeLessThan(64 << 10);
  });
});

function thrownBy(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
}
