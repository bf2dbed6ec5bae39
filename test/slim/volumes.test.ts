import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Rootfs } from '../../src/image/rootfs.ts';
import { volumeFiles } from '../../src/slim/baseline/volumes.ts';
import { spoolPath, treeText } from '../support/rootfs.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

let top: Awaited<ReturnType<typeof temporaryDirectory>>;
let entry: string;

beforeEach(async () => {
  top = await temporaryDirectory();
  entry = join(top.path, 'catalog/examples/app');
  await mkdir(join(entry, 'data/sub'), { recursive: true });
  await writeFile(join(entry, 'data/page'), 'text');
  await writeFile(join(entry, 'data/sub/run'), '#!', { mode: 0o755 });
  await symlink('../page', join(entry, 'data/sub/link'));
  await mkdir(join(top.path, 'outside'));
});
afterEach(() => top[Symbol.asyncDispose]());

/** What a volume of the entry puts into a container, path by path. */
async function filesOf(source: string, destination = '/data') {
  const catalogRoot = join(top.path, 'catalog');
  const files = await volumeFiles({ source, destination }, { directory: entry, catalogRoot });
  await using rootfs = await Rootfs.fromTar(files(), spoolPath());
  return treeText(rootfs);
}

test('a volume contains its directory as it is, below where it is mounted', async () => {
  expect(Object.keys(await filesOf('./data', '/srv'))).toEqual([
    '/srv',
    '/srv/page',
    '/srv/sub',
    '/srv/sub/link',
    '/srv/sub/run',
  ]);
  const files = await filesOf('data');
  expect(files['/data/page']).toBe('file 644 0:0 text');
  expect(files['/data/sub/run']).toBe('file 755 0:0 #!');
  expect(files['/data/sub/link']).toContain('symlink');
});

test.each(['$PWD/data', '$(pwd)/data', '${PWD}/data'])('%s is taken as a shell would', async (source) => {
  expect(await filesOf(source)).toEqual(await filesOf('./data'));
});

test('one file is mounted as a file', async () => {
  expect(await filesOf('./data/page', '/etc/app.conf')).toMatchObject({
    '/etc/app.conf': 'file 644 0:0 text',
  });
});

test('one that is not there yet is empty', async () => {
  expect(Object.keys(await filesOf('./later'))).toEqual(['/data']);
});

test.each(['../../../outside', '../../../../../../../etc', '/etc', './escape'])(
  '%s is refused, since it is not part of the catalog',
  async (source) => {
    await symlink(join(top.path, 'outside'), join(entry, 'escape'));
    await expect(filesOf(source)).rejects.toMatchObject({
      code: 'refused',
      message: `cannot mount ${source}: it is not part of the catalog`,
    });
  },
);
