import { describe, expect, test } from 'vitest';
import { compareCacheNames, lookUpInCache, searchCache } from '../../src/elf/cache-lookup.ts';
import { readLdSoCache } from '../../src/elf/ld-so-cache.ts';
import { buildCache, buildOldCache, type CacheSpec } from '../support/cache-builder.ts';

const X86_64 = { flags: [0x303], legacy: false };

const sorted = (entries: readonly CacheSpec[]) =>
  [...entries].sort((a, b) => compareCacheNames(b.name, a.name));

describe('readLdSoCache', () => {
  const entries = sorted([
    { name: 'libz.so.1', path: '/lib/libz.so.1' },
    { name: 'liba.so.1', path: '/opt/a/liba.so.1' },
  ]);

  test.each([true, false])('the new format, little endian: %s', (littleEndian) => {
    const cache = readLdSoCache(buildCache(entries, { littleEndian }));
    expect(cache).toMatchObject({ format: 'new', littleEndian, generator: null });
    expect(cache.entries.map(({ name, path }) => ({ name, path }))).toEqual(entries);
  });

  test('a cache without a byte order is read in the byte order that fits', () => {
    expect(readLdSoCache(buildCache(entries, { littleEndian: false, endianFlag: 0 })).littleEndian).toBe(
      false,
    );
  });

  test('the old format, and the new one behind it', () => {
    expect(readLdSoCache(buildOldCache(entries))).toMatchObject({ format: 'old', entries });
    const both = readLdSoCache(buildOldCache([{ name: 'old', path: '/old' }], entries));
    expect(both).toMatchObject({ format: 'new', entries });
  });

  test('the extension names subdirectories of glibc-hwcaps and the writer', () => {
    const hwcaps = ['x86-64-v2', 'x86-64-v3'];
    const cache = readLdSoCache(
      buildCache(
        [
          { name: 'liba.so', path: '/a/glibc-hwcaps/x86-64-v3/liba.so', hwcapIndex: 1 },
          { name: 'liba.so', path: '/a/liba.so' },
        ],
        { hwcaps, generator: 'ldconfig 2.36' },
      ),
    );
    expect(cache.generator).toBe('ldconfig 2.36');
    expect(cache.entries.map((entry) => entry.hwcaps)).toEqual(['x86-64-v3', null]);
  });

  test.each<[string, Uint8Array, number]>([
    ['other bytes', Buffer.from('not a cache'), 0],
    ['a header cut off', buildCache(entries).subarray(0, 30), 30],
    ['more entries than bytes', buildCache(entries).subarray(0, 60), 20],
    ['strings cut off', buildCache(entries).subarray(0, 100), 96],
    ['a header that calls itself invalid', buildCache(entries, { endianFlag: 1 }), 28],
    ['a hwcaps index without a name', buildCache([{ name: 'a', path: '/a', hwcapIndex: 7 }]), 64],
  ])('%s is an error with its offset', (_, bytes, offset) => {
    expect(() => readLdSoCache(bytes)).toThrow(expect.objectContaining({ name: 'ElfError', offset }));
  });
});

describe('lookUpInCache', () => {
  test('digits compare as numbers, as in the file', () => {
    expect(compareCacheNames('libfoo.so.10', 'libfoo.so.9')).toBeGreaterThan(0);
    expect(compareCacheNames('libfoo.so.01', 'libfoo.so.1')).toBe(0);
    expect(compareCacheNames('lib1', 'liba')).toBeGreaterThan(0);
    expect(compareCacheNames('lib', 'liba')).toBeLessThan(0);
  });

  test('every name of a large cache is found', () => {
    const entries = sorted(
      Array.from({ length: 500 }, (_, index) => ({
        name: `lib${index * 7}.so.${index % 12}`,
        path: `/${index}`,
      })),
    );
    const cache = readLdSoCache(buildCache(entries));
    for (const { name, path } of entries) expect(searchCache(cache, name)).toMatchObject([{ path }]);
    expect(searchCache(cache, 'libnone.so')).toEqual([]);
  });

  test('entries of other machines are passed over', () => {
    const cache = readLdSoCache(
      buildCache([
        { name: 'liba.so', path: '/lib32/liba.so', flags: 0x3 },
        { name: 'liba.so', path: '/lib64/liba.so', flags: 0x303 },
      ]),
    );
    expect(lookUpInCache(cache, 'liba.so', X86_64)).toEqual({ path: '/lib64/liba.so', variants: [] });
    expect(lookUpInCache(cache, 'liba.so', { flags: [0xa03], legacy: false }).path).toBeNull();
  });

  test('every variant of a processor comes along, legacy ones only where the loader minds them', () => {
    const cache = readLdSoCache(
      buildCache(
        [
          { name: 'liba.so', path: '/v3/liba.so', hwcapIndex: 1 },
          { name: 'liba.so', path: '/v2/liba.so', hwcapIndex: 0 },
          { name: 'liba.so', path: '/tls/liba.so', legacyHwcap: 1n << 63n },
          { name: 'liba.so', path: '/liba.so' },
          { name: 'liba.so', path: '/second/liba.so' },
        ],
        { hwcaps: ['x86-64-v2', 'x86-64-v3'] },
      ),
    );
    const variants = [
      { hwcaps: 'x86-64-v3', path: '/v3/liba.so' },
      { hwcaps: 'x86-64-v2', path: '/v2/liba.so' },
    ];
    expect(lookUpInCache(cache, 'liba.so', X86_64)).toEqual({ path: '/liba.so', variants });
    expect(lookUpInCache(cache, 'liba.so', { ...X86_64, legacy: true }).variants).toHaveLength(3);
  });
});
