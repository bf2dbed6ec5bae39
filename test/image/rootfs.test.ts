import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Rootfs } from '../../src/image/rootfs.ts';
import { imagePath, ROOT } from '../../src/shared/image-path.ts';
import { anyTable } from '../support/any-rootfs.ts';
import { rootfsOf, spoolPath, tarOf } from '../support/rootfs.ts';

const A = imagePath('/a');

describe('a directory', () => {
  test('lists its names by bytes, whatever the order of the tar', async () => {
    await using rootfs = await rootfsOf({ '/d/b': '', '/d/B': '', '/d/é': '', '/d/a': '', '/c': '' });
    expect(rootfs.list(imagePath('/d'))).toEqual(['B', 'a', 'b', 'é']);
    expect(rootfs.list(ROOT)).toEqual(['c', 'd']);
    expect(rootfs.list(imagePath('/c'))).toEqual([]);
  });
});

describe('reading', () => {
  test('gives any range of a file as a slice of its content does', async () => {
    const content = fc.uint8Array({ maxLength: 1200 });
    await fc.assert(
      fc.asyncProperty(content, fc.nat(1300), fc.nat(1300), async (bytes, offset, length) => {
        await using rootfs = await rootfsOf({ '/first': 'x', '/a': bytes, '/last': 'y' });
        expect(Buffer.from(rootfs.read(A, offset, length))).toEqual(
          Buffer.from(bytes.slice(offset, offset + length)),
        );
        expect(Buffer.from(rootfs.read(A))).toEqual(Buffer.from(bytes));
      }),
      { numRuns: 50 },
    );
  });

  test.each(['directory', 'symlink b', 'fifo'])('refuses a %s', async (value) => {
    await using rootfs = await rootfsOf({ '/b': 'x', '/a': value });
    expect(() => rootfs.read(A)).toThrow(new RangeError('cannot read /a: not a regular file'));
    expect(() => rootfs.hash(A)).toThrow(RangeError);
  });

  test('hashes a file of several chunks whole', async () => {
    const content = Buffer.alloc((1 << 20) * 2 + 17, 'kraft');
    await using rootfs = await rootfsOf({ '/a': content });
    expect(rootfs.hash(A)).toBe(createHash('sha256').update(content).digest('hex'));
  });
});

describe('size', () => {
  const table = {
    '/d': 'directory',
    '/d/a': '12345',
    '/d/b': 'link /d/a',
    '/d/c': 'link /d/b',
    '/d/link': 'symlink a',
    '/fifo': 'fifo',
    '/e': '123',
  };

  test('counts every path but directories, and a hard-linked file once', async () => {
    await using rootfs = await rootfsOf(table);
    expect(rootfs.size()).toEqual({ files: 6, bytes: 8 });
  });

  test('of some paths counts a hard-linked file once, by any name among them', async () => {
    await using rootfs = await rootfsOf(table);
    expect(rootfs.size(['/d', '/d/c'].map((path) => imagePath(path)))).toEqual({ files: 1, bytes: 5 });
    expect(rootfs.size(['/d/b', '/d/c', '/none'].map((path) => imagePath(path)))).toEqual({
      files: 2,
      bytes: 5,
    });
  });

  test('of any root file system is that of its paths', async () => {
    await fc.assert(
      fc.asyncProperty(anyTable, async (table) => {
        await using rootfs = await rootfsOf(table);
        const paths = [...rootfs.entries()].map(([path]) => path);
        expect(rootfs.size(paths)).toEqual(rootfs.size());
      }),
      { numRuns: 40 },
    );
  });
});

describe('the spool', () => {
  test('is gone when the root file system is disposed of', async () => {
    const spool = spoolPath();
    const rootfs = await Rootfs.fromTar(tarOf({ '/a': 'x' }), spool);
    expect(existsSync(spool)).toBe(true);
    await rootfs[Symbol.asyncDispose]();
    expect(existsSync(spool)).toBe(false);
  });

  test('is gone when the tar ends early', async () => {
    const spool = spoolPath();
    const parts: Buffer[] = [];
    for await (const part of tarOf({ '/a': 'x'.repeat(4096) })) parts.push(part);
    const half = Buffer.concat(parts).subarray(0, 2000);
    await expect(Rootfs.fromTar(Readable.from([half]), spool)).rejects.toThrow('Unexpected end of data');
    expect(existsSync(spool)).toBe(false);
  });

  test('never replaces a file that is there', async () => {
    const spool = spoolPath();
    await using _ = await Rootfs.fromTar(tarOf({ '/a': 'x' }), spool);
    await expect(Rootfs.fromTar(tarOf({ '/a': 'x' }), spool)).rejects.toMatchObject({ code: 'EEXIST' });
    expect(existsSync(spool)).toBe(true);
  });
});
