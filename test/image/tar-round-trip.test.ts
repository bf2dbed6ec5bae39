import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { link, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { itemsOf, packItems, type TarItem } from '../../src/image/pack-tar.ts';
import { Rootfs } from '../../src/image/rootfs.ts';
import { contentOf } from '../../src/image/unpack-tar.ts';
import { imagePath } from '../../src/shared/image-path.ts';
import { anyTable } from '../support/any-rootfs.ts';
import { rootfsOf, spoolPath, treeText } from '../support/rootfs.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const read = async (items: Iterable<TarItem>) => await Rootfs.fromTar(packItems(items), spoolPath());
const pathsOf = (rootfs: Rootfs) => [...rootfs.entries()].map(([path]) => path);

describe('a root file system that is packed and read again', () => {
  test('is the same, entry by entry', async () => {
    await fc.assert(
      fc.asyncProperty(anyTable, async (table) => {
        await using before = await rootfsOf(table);
        await using after = await read(itemsOf(before, pathsOf(before)));
        expect(treeText(after)).toEqual(treeText(before));
        expect(after.size()).toEqual(before.size());
        for (const [path, { mtime }] of before.entries()) expect(after.lookup(path)?.mtime).toBe(mtime);
      }),
      { numRuns: 60 },
    );
  });

  test('holds what its table says', async () => {
    await using rootfs = await rootfsOf({
      '/bin': 'symlink usr/bin',
      '/usr/bin/app': { content: 'app', mode: 0o4755, uid: 33, gid: 4 },
      '/usr/bin/alias': 'link /usr/bin/app',
      '/tmp': 'directory 1777',
    });
    expect(treeText(rootfs)).toEqual({
      '/bin': 'symlink usr/bin',
      '/usr': 'directory 755 0:0',
      '/usr/bin': 'directory 755 0:0',
      '/usr/bin/app': 'file 4755 33:4 app',
      '/usr/bin/alias': 'file 4755 33:4 app',
      '/tmp': 'directory 1777 0:0',
    });
  });
});

test('a tar as tar(1) writes it is read with long names, links and all', async () => {
  await using source = await temporaryDirectory();
  await using target = await temporaryDirectory();
  const long = `${'long-'.repeat(40)}name`;
  await mkdir(join(source.path, 'd'), { mode: 0o755 });
  await writeFile(join(source.path, 'd', long), 'content', { mode: 0o600 });
  await link(join(source.path, 'd', long), join(source.path, 'second'));
  await symlink('d/nowhere', join(source.path, 'dangling'));
  const tar = join(target.path, 'it.tar');
  await promisify(execFile)('tar', ['-C', source.path, '-cf', tar, 'd', 'second', 'dangling']);
  await using rootfs = await Rootfs.fromTar(createReadStream(tar), spoolPath());
  const owner = `${process.getuid?.()}:${process.getgid?.()}`;
  expect(treeText(rootfs)).toEqual({
    '/d': `directory 755 ${owner}`,
    [`/d/${long}`]: `file 600 ${owner} content`,
    '/second': `file 600 ${owner} content`,
    '/dangling': 'symlink d/nowhere',
  });
  expect(rootfs.size()).toEqual({ files: 3, bytes: 7 });
});

describe('the items of some paths', () => {
  const itemsFor = (rootfs: Rootfs, ...paths: string[]) =>
    [
      ...itemsOf(
        rootfs,
        paths.map((path) => imagePath(path)),
      ),
    ].map(({ name, type, linkname }) => `${type} ${name}${linkname ? ` -> ${linkname}` : ''}`);

  test('are exactly these with the directories above, parents first, none twice', async () => {
    await using rootfs = await rootfsOf({ '/a/b/c': '', '/a/b/d': '', '/a/x': '', '/e': 'symlink a' });
    expect(itemsFor(rootfs, '/a/b/d', '/e', '/a/b/c', '/a/b', '/none')).toEqual([
      'directory a',
      'directory a/b',
      'file a/b/d',
      'symlink e -> a',
      'file a/b/c',
    ]);
  });

  test('carry the content of a hard-linked file once, under the first name among them', async () => {
    await using rootfs = await rootfsOf({ '/a': 'one', '/b': 'link /a', '/c': 'link /a', '/d': 'one' });
    expect(itemsFor(rootfs, '/c', '/b', '/d')).toEqual(['file c', 'link b -> c', 'file d']);
    await using some = await read(itemsOf(rootfs, [imagePath('/c'), imagePath('/b')]));
    expect(treeText(some)).toEqual({ '/c': 'file 644 0:0 one', '/b': 'file 644 0:0 one' });
    expect(some.size()).toEqual({ files: 2, bytes: 3 });
  });

  test('leave out devices and FIFOs', async () => {
    await using rootfs = await read([
      { name: 'tty', type: 'character-device', devmajor: 5 },
      { name: 'disk', type: 'block-device', devmajor: 8 },
      { name: 'pipe', type: 'fifo' },
      { name: 'a', mode: 0o644, size: 0 },
    ]);
    expect(itemsFor(rootfs, ...pathsOf(rootfs))).toEqual(['file a']);
    expect(pathsOf(rootfs)).toEqual(['/tty', '/disk', '/pipe', '/a']);
  });
});

describe('packing', () => {
  test('takes content from a stream of any chunks', async () => {
    const chunks = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(chunks, async (parts) => {
        const content = Buffer.concat(parts);
        const item = { name: 'a', size: content.length, content: () => Readable.from(parts) };
        await using rootfs = await read([item, { name: 'b', size: 1, content: Buffer.from('b') }]);
        expect(Buffer.from(rootfs.read(imagePath('/a')))).toEqual(content);
        expect(pathsOf(rootfs)).toEqual(['/a', '/b']);
      }),
      { numRuns: 30 },
    );
  });

  test('fails for its reader where the content of an item cannot be read', async () => {
    const broken = async function* (): AsyncGenerator<Uint8Array> {
      yield Buffer.from('x');
      throw new Error('the disk is gone');
    };
    const drained = packItems([{ name: 'a', size: 5, content: broken }])
      .on('error', () => undefined)
      .resume();
    await expect(once(drained, 'end')).rejects.toThrow('the disk is gone');
  });
});

test('the content of an archive of one file is that file', async () => {
  const lines = Array.from({ length: 5 }, (_, at) => Buffer.from(`line ${at}\n`));
  const size = lines.reduce((sum, { length }) => sum + length, 0);
  const parts: Uint8Array[] = [];
  const archive = packItems([{ name: 'log', size, content: () => Readable.from(lines) }]);
  for await (const part of contentOf(archive)) parts.push(part);
  expect(Buffer.concat(parts).toString()).toBe(lines.join(''));
});

test.each([
  ['bytes', Buffer.alloc(1 << 20)],
  ['a reader of bytes', () => Readable.from([Buffer.alloc(1 << 20)])],
])(
  'a reader that fails in the middle of %s gets the failure, and no other reader does',
  async (_, content) => {
    const tar = packItems([{ name: 'big', size: 1 << 20, content }]);
    const closed = new Promise((resolve) => tar.once('close', resolve));
    const heard = new Promise((resolve) => tar.once('error', resolve));
    await once(tar, 'readable');
    tar.destroy(new Error('aborted'));
    expect(await heard).toMatchObject({ message: 'aborted' });
    await closed;
    // an error event without a listener would come behind the close
    await new Promise((resolve) => setImmediate(resolve));
  },
);
