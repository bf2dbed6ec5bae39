import { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { packItems, type TarItem } from '../../src/image/pack-tar.ts';
import { firstOf } from '../../src/image/unpack-tar.ts';

const content = Buffer.from('0123456789');
const FILE: TarItem = { name: 'a', size: content.length, content };
const NEXT: TarItem = { name: 'b', size: 1, content: Buffer.from('x') };

describe('a tar stream begins', () => {
  test('with a file, whose content is cut where it is too long', async () => {
    const first = await firstOf(packItems([FILE, NEXT]), 100);
    expect(first).toEqual({ type: 'file', content });
    expect(await firstOf(packItems([FILE, NEXT]), 4)).toEqual({
      type: 'file',
      content: content.subarray(0, 4),
    });
  });

  test('with an empty file', async () => {
    expect(await firstOf(packItems([{ name: 'a' }]), 4)).toEqual({ type: 'file', content: Buffer.of() });
  });

  test('with a link', async () => {
    const link: TarItem = { name: 'a', type: 'symlink', linkname: '../b' };
    expect(await firstOf(packItems([link, NEXT]), 4)).toEqual({ type: 'symlink', linkTarget: '../b' });
  });

  test('with a directory, and that is all', async () => {
    expect(await firstOf(packItems([{ name: 'a', type: 'directory' }, FILE]), 4)).toEqual({ type: 'other' });
  });

  test('with nothing', async () => {
    expect(await firstOf(packItems([]), 4)).toBeUndefined();
  });
});

test('a tar stream that ends early is an error', async () => {
  const broken = Readable.from(
    (async function* () {
      yield Buffer.alloc(100);
      throw new Error('connection lost');
    })(),
  );
  await expect(firstOf(broken, 4)).rejects.toThrow('connection lost');
});
