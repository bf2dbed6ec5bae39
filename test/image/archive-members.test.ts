import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { archiveMembers } from '../../src/image/archive-members.ts';
import { tarOf } from '../support/rootfs.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const tar = async () => await buffer(tarOf({ '/site/index.html': 'x'.repeat(2000), '/site/l': 'symlink x' }));
const NAMES = ['site', 'site/index.html', 'site/l'];

test.each<[string, (bytes: Buffer) => Uint8Array, readonly string[] | null]>([
  ['a tar', (bytes) => bytes, NAMES],
  ['a tar packed by gzip', (bytes) => gzipSync(bytes), NAMES],
  ['half a tar', (bytes) => bytes.subarray(0, 1500), null],
  ['half a gzip file', (bytes) => gzipSync(bytes).subarray(0, 60), null],
  ['a file of xz', () => Buffer.from('fd377a585a000004e6d6b446', 'hex'), null],
])('%s holds %#', async (_, pack, expected) => {
  await using directory = await temporaryDirectory();
  const path = join(directory.path, 'archive');
  await writeFile(path, pack(await tar()));
  const names = await archiveMembers(path);
  expect(names?.map((name) => name.replace(/\/$/, '')) ?? null).toEqual(expected);
});
