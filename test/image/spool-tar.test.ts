import { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { packItems, type TarItem } from '../../src/image/pack-tar.ts';
import { Rootfs } from '../../src/image/rootfs.ts';
import { imagePath } from '../../src/shared/image-path.ts';
import { rootfsOf, spoolPath, treeText } from '../support/rootfs.ts';

const read = async (items: readonly TarItem[]) => await Rootfs.fromTar(packItems(items), spoolPath());
const file = (name: string, content = '', mode = 0o644): TarItem => {
  const bytes = Buffer.from(content);
  return { name, mode, size: bytes.length, content: bytes };
};

describe('names', () => {
  test.each(['./a/b', '/a/b', 'a//b', 'a/./b', '../a/b', 'x/../a/b'])('%s is /a/b', async (name) => {
    await using rootfs = await read([file(name, 'x')]);
    expect([...rootfs.entries()].map(([path]) => path)).toEqual(['/a/b']);
  });

  test('the root itself is no path', async () => {
    await using rootfs = await read([{ name: './', type: 'directory' }, file('a')]);
    expect(Object.keys(treeText(rootfs))).toEqual(['/a']);
  });
});

test('the bits of the file type that Engine 20.10 leaves in a mode are masked', async () => {
  const parts: Buffer[] = [];
  for await (const part of packItems([file('a', '', 0o4755)])) parts.push(part);
  const tar = Buffer.concat(parts);
  // a header's mode and its checksum, tar(5); the packer would mask the bits itself
  tar.write('0104755\0', 100, 'latin1');
  tar.write('        ', 148, 'latin1');
  const sum = tar.subarray(0, 512).reduce((total, byte) => total + byte, 0);
  tar.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  await using rootfs = await Rootfs.fromTar(Readable.from([tar]), spoolPath());
  expect(treeText(rootfs)).toEqual({ '/a': 'file 4755 0:0 ' });
});

describe('a hard link', () => {
  test('to a hard link leads to the first name', async () => {
    await using rootfs = await rootfsOf({ '/a': 'x', '/b': 'link /a', '/c': 'link /b' });
    expect(rootfs.lookup(imagePath('/a'))?.hardLinkTo).toBeNull();
    expect(rootfs.lookup(imagePath('/c'))?.hardLinkTo).toBe('/a');
    expect(rootfs.hash(imagePath('/c'))).toBe(rootfs.hash(imagePath('/a')));
  });

  test('has the mode of its file, whatever its own entry says', async () => {
    await using rootfs = await read([
      file('a', 'x', 0o755),
      { name: 'b', type: 'link', linkname: 'a', mode: 0 },
    ]);
    expect(rootfs.lookup(imagePath('/b'))).toMatchObject({ type: 'file', mode: 0o755, size: 1 });
  });

  test('to a symbolic link is a symbolic link', async () => {
    await using rootfs = await rootfsOf({ '/x': 'content', '/a': 'symlink x', '/b': 'link /a' });
    expect(treeText(rootfs)).toMatchObject({ '/a': 'symlink x', '/b': 'symlink x' });
  });
});

describe("the engine's own stubs", () => {
  test('are left out', async () => {
    await using rootfs = await rootfsOf({
      '/.dockerenv': '',
      '/dev/console': '',
      '/etc/mtab': 'symlink /proc/mounts',
      '/etc/hosts': '',
      '/etc/hostname': '',
      '/etc/resolv.conf': '',
      '/etc/passwd': '',
    });
    expect(Object.keys(treeText(rootfs))).toEqual(['/dev', '/etc', '/etc/passwd']);
  });

  test('are not what the image has in their places', async () => {
    const own = {
      '/etc/hosts': '127.0.0.1 localhost',
      '/etc/hostname': 'symlink elsewhere',
      '/etc/mtab': 'symlink ../proc/self/mounts',
      '/dev/null': '',
    };
    await using rootfs = await rootfsOf(own);
    expect(Object.keys(treeText(rootfs))).toEqual(expect.arrayContaining(Object.keys(own)));
  });
});

test.each([
  ['a tar that is none', Buffer.alloc(1024, 'x')],
  ['a header that is cut off', Buffer.alloc(100, 0x61)],
])('%s is refused', async (_, bytes) => {
  await expect(Rootfs.fromTar(Readable.from([bytes]), spoolPath())).rejects.toThrow(
    /Invalid tar|Unexpected end/,
  );
});
