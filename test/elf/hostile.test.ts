import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ByteSource, bytesSource } from '../../src/elf/byte-source.ts';
import { lookUpInCache } from '../../src/elf/cache-lookup.ts';
import { readDlopenNotes } from '../../src/elf/dlopen-notes.ts';
import { ElfError } from '../../src/elf/elf-error.ts';
import { readLdSoCache } from '../../src/elf/ld-so-cache.ts';
import { readLoaderFacts } from '../../src/elf/loader-facts.ts';
import { readElf } from '../../src/elf/read-elf.ts';
import { resolveClosure } from '../../src/elf/resolve-closure.ts';
import { importedSymbols } from '../../src/elf/symbols.ts';
import { readVersionNeeds } from '../../src/elf/version-needs.ts';
import { buildCache, buildOldCache } from '../support/cache-builder.ts';
import { BIAS, buildElf, type ElfSpec } from '../support/elf-builder.ts';
import { glibcTree, library, muslProgram, muslTree, program } from '../support/loader-trees.ts';
import { drawn } from '../support/samples.ts';

const FULL: ElfSpec = {
  interpreter: '/lib64/ld-linux-x86-64.so.2',
  needed: ['liba.so', 'libb.so', 'libc.so.6'],
  filters: ['libf.so'],
  runpath: '$ORIGIN/../lib:/opt/$LIB',
  flags1: 0x800,
  symbols: [{ name: 'puts' }, { name: 'iconv_open', weak: true }, { name: 'main', defined: true }],
  versionNeeds: [{ library: 'libc.so.6', versions: ['GLIBC_2.34', 'GLIBC_2.2.5'] }],
  notes: [{ owner: 'FDO', type: 0x407c0c0a, text: '[{"soname":["libz.so.1"]}]' }],
};

const SAMPLES = [
  buildElf(FULL),
  buildElf({ ...FULL, hash: 'gnu', notesIn: 'section' }),
  buildElf({ ...FULL, bits: 32, littleEndian: false, machine: 40 }),
  buildElf({ ...FULL, littleEndian: false, hash: 'none', machine: 183 }),
];

/** Numbers that break arithmetic: sign bits, the ends of ranges, one beside them. */
const EXTREMES = [0, 1, 7, 8, 0x7f, 0xff, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_fff8, 0xffff_ffff];

type Damage = { readonly at: number; readonly width: 1 | 2 | 4 | 8; readonly value: number };

const damages = (size: number) =>
  fc.array(
    fc.record<Damage>({
      at: fc.nat(size - 1),
      width: fc.constantFrom(1, 2, 4, 8),
      value: fc.oneof(fc.constantFrom(...EXTREMES), fc.nat(0xffff_ffff), fc.nat(size)),
    }),
    { minLength: 1, maxLength: 6 },
  );

function damaged(bytes: Uint8Array, list: readonly Damage[]): Uint8Array {
  const copy = Uint8Array.from(bytes);
  const view = new DataView(copy.buffer);
  for (const { at, width, value } of list) {
    const place = Math.min(at - (at % width), copy.length - width);
    if (width === 1) view.setUint8(place, value & 0xff);
    else if (width === 2) view.setUint16(place, value & 0xffff, true);
    else view.setUint32(place, value, true);
  }
  return copy;
}

const spoilt = (samples: readonly Uint8Array[]) =>
  fc.constantFrom(...samples).chain((sample) =>
    fc.oneof(
      { weight: 4, arbitrary: damages(sample.length).map((list) => damaged(sample, list)) },
      { weight: 1, arbitrary: fc.nat(sample.length).map((length) => sample.slice(0, length)) },
      {
        weight: 1,
        arbitrary: fc
          .tuple(damages(sample.length), fc.nat(sample.length))
          .map(([list, length]) => damaged(sample, list).slice(0, length)),
      },
    ),
  );

/** All readers of ELF files, and how many bytes they asked for. */
function readAll(bytes: Uint8Array): { asked: number; largest: number; text: number } {
  const seen = { asked: 0, largest: 0, text: 0 };
  const source: ByteSource = {
    size: bytes.length,
    read(offset, length) {
      seen.asked += length;
      seen.largest = Math.max(seen.largest, length);
      return bytes.subarray(offset, offset + length);
    },
  };
  const elf = tolerant(() => readElf(source));
  if (elf === undefined) return seen;
  const results = [
    elf.dependencies,
    tolerant(() => importedSymbols(source, elf)),
    tolerant(() => readVersionNeeds(source, elf)),
    tolerant(() => readDlopenNotes(source, elf)),
    tolerant(() => readLoaderFacts(source, elf.segments)),
  ];
  seen.text = results.reduce((sum, result) => sum + (JSON.stringify(result)?.length ?? 0), 0);
  return seen;
}

/** Lets an `ElfError` with an offset pass and nothing else. */
function tolerant<Value>(run: () => Value): Value | undefined {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof ElfError) || !Number.isFinite(error.offset)) throw error;
    return undefined;
  }
}

describe('hostile ELF files', () => {
  test('damaged and truncated files: a typed error, and no more bytes than the file has', () => {
    fc.assert(
      fc.property(spoilt(SAMPLES), (bytes) => {
        const { asked, largest, text } = readAll(bytes);
        expect(largest).toBeLessThanOrEqual(Math.max(bytes.length, 16));
        expect(asked).toBeLessThanOrEqual(12 * bytes.length + 64);
        expect(text).toBeLessThanOrEqual(8 * bytes.length + 512);
      }),
      drawn({ ci: 1500, soak: 6000 }),
    );
  });

  test('the real loader of this machine, damaged', () => {
    const { interpreter } = readElf(bytesSource(readFileSync(process.execPath)));
    const real = Uint8Array.from(readFileSync(interpreter as string));
    const head = fc.array(fc.tuple(fc.nat(0x800), fc.constantFrom(...EXTREMES)), {
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(head, damages(real.length), (first, list) => {
        const front = first.map(([at, value]): Damage => ({ at, width: 4, value }));
        const { asked, largest } = readAll(damaged(real, [...front, ...list]));
        expect(largest).toBeLessThanOrEqual(real.length);
        expect(asked).toBeLessThanOrEqual(12 * real.length);
      }),
      drawn({ ci: 100, soak: 500 }),
    );
  });

  test('one long name wanted over and over costs no more than the file', () => {
    const needed = ['x'.repeat(20_000), ...Array.from({ length: 5_000 }, () => 'x'.repeat(20_000))];
    expect(() => readElf(bytesSource(buildElf({ needed })))).toThrow(/longer than the file/);
  });

  test('a chain of version records through overlapping bytes ends', () => {
    const bytes = buildElf({ ...FULL, data: '\x01\0\0\0'.repeat(50_000) });
    const view = new DataView(bytes.buffer);
    for (let at = 0; at + 16 <= bytes.length; at += 8) {
      if (view.getBigUint64(at, true) === 0x6ffffffen) view.setBigUint64(at + 8, BigInt(BIAS + 0x200), true);
      if (view.getBigUint64(at, true) === 0x6fffffffn) view.setBigUint64(at + 8, 0xffff_ffffn, true);
    }
    const source = bytesSource(bytes);
    expect(() => readVersionNeeds(source, readElf(source))).toThrow(ElfError);
  });

  test('notes that cover each other cost no more than the file', () => {
    const bytes = buildElf({ interpreter: `/${'x'.repeat(4000)}`, notes: FULL.notes ?? [] });
    const view = new DataView(bytes.buffer);
    for (const entry of [1, 2]) {
      const at = 64 + entry * 56;
      view.setUint32(at, 4, true);
      view.setBigUint64(at + 8, 0n, true);
      view.setBigUint64(at + 32, BigInt(bytes.length), true);
    }
    const source = bytesSource(bytes);
    expect(() => readDlopenNotes(source, readElf(source))).toThrow(/longer than the file/);
  });

  test('directories without end in a loader’s strings are no trouble', () => {
    const bytes = buildElf({ data: `\0${'/\0'.repeat(1_000_000)}\0${'/'.repeat(1_000_000)}` });
    const source = bytesSource(bytes);
    expect(readLoaderFacts(source, readElf(source).segments).systemDirectories).toBeNull();
  });
});

describe('hostile caches', () => {
  const entries = [
    { name: 'libz.so.1', path: '/lib/libz.so.1' },
    { name: 'libb.so.2', path: '/lib/glibc-hwcaps/x86-64-v3/libb.so.2', hwcapIndex: 0 },
    { name: 'libb.so.2', path: '/lib/libb.so.2' },
  ];
  const samples = [
    buildCache(entries, { hwcaps: ['x86-64-v3'], generator: 'ldconfig' }),
    buildCache(entries.slice(0, 1), { littleEndian: false }),
    buildOldCache(entries),
    buildOldCache(entries, entries.slice(0, 1)),
  ];

  test('damaged and truncated caches: a typed error or entries no longer than the file', () => {
    fc.assert(
      fc.property(spoilt(samples), (bytes) => {
        const cache = tolerant(() => readLdSoCache(bytes));
        if (cache === undefined) return;
        expect(cache.entries.length).toBeLessThanOrEqual(bytes.length / 12);
        lookUpInCache(cache, 'libb.so.2', { flags: null, legacy: true });
        lookUpInCache(cache, 'libnone.so', { flags: [0x303], legacy: false });
      }),
      drawn({ ci: 1000, soak: 4000 }),
    );
  });

  test('entries that all name one long string are read once', () => {
    const path = `/${'x'.repeat(100_000)}`;
    const cache = buildCache(Array.from({ length: 50 }, () => ({ name: 'a', path })));
    const view = new DataView(cache.buffer);
    for (let index = 1; index < 50; index++) {
      view.setUint32(48 + index * 24 + 8, view.getUint32(56, true) + index, true);
    }
    expect(() => readLdSoCache(cache.slice(0, 250_000))).toThrow(ElfError);
  });

  test('an extension that claims billions of sections is refused at once', () => {
    const cache = buildCache(entries, { hwcaps: ['x86-64-v3'] });
    const view = new DataView(cache.buffer);
    view.setUint32(view.getUint32(32, true) + 4, 0xffff_ffff, true);
    expect(() => readLdSoCache(cache)).toThrow(ElfError);
  });
});

describe('hostile trees', () => {
  test('trees of damaged files: a closure, never a throw', () => {
    const cache = buildCache([{ name: 'liba.so', path: '/opt/liba.so' }]);
    const good = library({ soname: 'liba.so', needed: ['libb.so'] });
    const files = fc.tuple(
      spoilt([program(['liba.so']), muslProgram(['liba.so'])]),
      spoilt([good]),
      spoilt([cache]),
    );
    fc.assert(
      fc.property(files, fc.boolean(), ([app, lib, ldCache], musl) => {
        const table = {
          '/bin/app': app,
          '/lib/liba.so': lib,
          '/opt/liba.so': good,
          '/lib/libb.so': library({ needed: ['liba.so', 'libb.so'] }),
          '/etc/ld.so.cache': ldCache,
        };
        const closure = resolveClosure(musl ? muslTree(table) : glibcTree(table), [
          '/bin/app',
          '/lib/liba.so',
        ]);
        expect(closure.objects.length + closure.missing.length).toBeGreaterThan(0);
      }),
      drawn({ ci: 300, soak: 1500 }),
    );
  });

  test('libraries that need each other in a circle are loaded once', () => {
    const table = {
      '/bin/app': program(['liba.so']),
      '/lib/liba.so': library({ needed: ['libb.so', 'liba.so'] }),
      '/lib/libb.so': library({ needed: ['liba.so'] }),
    };
    expect(resolveClosure(glibcTree(table), ['/bin/app']).objects).toHaveLength(4);
  });
});
