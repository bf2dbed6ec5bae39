import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { KnownFiles } from '../../src/image/known-files.ts';
import { Spool } from '../../src/image/spool.ts';
import { spoolPath } from '../support/rootfs.ts';

async function spoolOf(text: string): Promise<{ path: string; spool: Spool }> {
  const path = spoolPath();
  await writeFile(path, text);
  return { path, spool: new Spool(path) };
}

test('a spool stays for as long as anyone holds it', async () => {
  const { path, spool } = await spoolOf('content');
  const known = new KnownFiles();
  await known.add(spool, 7, [['stamp', { spool, offset: 3, linkTarget: null }]]);
  await spool[Symbol.asyncDispose]();
  const file = known.get('stamp');
  expect(Buffer.from(file?.spool.read(file.offset, 10) ?? []).toString()).toBe('tent');
  await known[Symbol.asyncDispose]();
  expect(known.get('stamp')).toBeUndefined();
  expect(existsSync(path)).toBe(false);
});

test('what was spooled first goes first when it becomes too much', async () => {
  await using known = new KnownFiles({ maxBytes: 10 });
  const paths: string[] = [];
  for (const name of ['a', 'b', 'c']) {
    const { path, spool } = await spoolOf(name);
    paths.push(path);
    await known.add(spool, 4, [[name, { spool, offset: 0, linkTarget: null }]]);
    await spool[Symbol.asyncDispose]();
  }
  expect(['a', 'b', 'c'].map((name) => known.get(name) !== undefined)).toEqual([false, true, true]);
  expect(paths.map((path) => existsSync(path))).toEqual([false, true, true]);
});

test('a file that alone exceeds the limit is not kept', async () => {
  await using known = new KnownFiles({ maxBytes: 3 });
  const { path, spool } = await spoolOf('long');
  await known.add(spool, 4, [['stamp', { spool, offset: 0, linkTarget: null }]]);
  await spool[Symbol.asyncDispose]();
  expect(known.get('stamp')).toBeUndefined();
  expect(existsSync(path)).toBe(false);
});

test('of images over one base the first is worked on alone, also where it fails', async () => {
  await using known = new KnownFiles();
  const course: string[] = [];
  let end: (error?: Error) => void = () => undefined;
  const first = known.afterFirst('base', async () => {
    course.push('first');
    await new Promise<void>((resolve, reject) => {
      end = (error) => (error === undefined ? resolve() : reject(error));
    });
  });
  const others = ['second', 'third'].map((name) => known.afterFirst('base', async () => course.push(name)));
  await known.afterFirst('another base', async () => course.push('beside'));
  expect(course).toEqual(['first', 'beside']);
  end(new Error('broken'));
  await expect(first).rejects.toThrow('broken');
  await Promise.all(others);
  expect(course).toEqual(['first', 'beside', 'second', 'third']);
});
