import { describe, expect, test } from 'vitest';
import { memoryOf } from '../../src/slim/finish/memory.ts';
import { type RootfsTable, rootfsOf } from '../support/rootfs.ts';

const MIB = 1024 ** 2;

async function memory(table: RootfsTable) {
  await using rootfs = await rootfsOf(table);
  return memoryOf(rootfs);
}

describe('the initramfs', () => {
  test.each<[string, RootfsTable, number]>([
    // a header of 110 bytes and `TRAILER!!!` with its zero byte, padded to 4
    ['nothing', {}, 124],
    ['a directory', { '/d': 'directory' }, 124 + 112],
    ['a file of 5 bytes', { '/a': '12345' }, 124 + 112 + 8],
    ['a link, whose content is its target', { '/a': 'symlink 12345' }, 124 + 112 + 8],
    ['a file of two names: each is one in a cpio', { '/a': '12345', '/b': 'link /a' }, 124 + 2 * (112 + 8)],
    ['a long name, counted in bytes', { '/ééé': '' }, 124 + 120],
  ])('of %s', async (_, table, bytes) => {
    expect((await memory(table)).initramfsBytes).toBe(bytes);
  });
});

describe('the memory to run with', () => {
  const many = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, at) => [`/f${at}`, '']));

  test.each<[string, RootfsTable, number]>([
    ['is at least 64 MiB', {}, 64],
    [
      'is 3.5 times a large file and 8 MiB, rounded up to a power of two',
      { '/a': Buffer.alloc(10 * MIB) },
      64,
    ],
    ['grows with the file', { '/a': Buffer.alloc(17 * MIB) }, 128],
    ['is 16 KiB for each of many small files', many(7000), 128],
  ])('%s', async (_, table, expected) => {
    expect((await memory(table)).suggestedMiB).toBe(expected);
  });
});
