import { expect, test } from 'vitest';
import { stagingObstacle, stagingPlace } from '../../src/plan/staging-tools.ts';
import { type RootfsTable, rootfsOf } from '../support/rootfs.ts';

const TOOLS: RootfsTable = {
  '/usr/bin/tar': '\u007fELF --verbatim-files-from --xattrs',
  '/usr/bin/mkdir': 'mkdir',
  '/usr/bin/rm': 'rm',
  '/usr/bin/dash': 'sh',
  '/usr/bin/sh': 'symlink dash',
  '/bin': 'symlink usr/bin',
};
const without = (...names: string[]) =>
  Object.fromEntries(Object.entries(TOOLS).filter(([name]) => !names.includes(name)));

test.each<[string, RootfsTable, string | null]>([
  ['Debian’s tools', TOOLS, null],
  ['no tar', without('/usr/bin/tar'), 'the image has no tar'],
  ['no mkdir', without('/usr/bin/mkdir'), 'the image has no mkdir'],
  ['no shell', without('/usr/bin/dash'), 'the image has no /bin/sh'],
  [
    'busybox’s tar',
    {
      ...without('/usr/bin/tar'),
      '/usr/bin/busybox': '\u007fELF tar xattrs',
      '/usr/bin/tar': 'symlink busybox',
    },
    'the image has no GNU tar 1.29 or newer',
  ],
])('with %s a stage is assembled, or it is said why not', async (_, table, expected) => {
  await using rootfs = await rootfsOf(table);
  expect(stagingObstacle(rootfs)).toBe(expected);
});

test('the place to work in is one that the image does not have', async () => {
  await using bare = await rootfsOf(TOOLS);
  await using taken = await rootfsOf({ ...TOOLS, '/.rootfs': 'symlink tmp', '/.rootfs2/list': '' });
  expect([stagingPlace(bare), stagingPlace(taken)]).toEqual(['/.rootfs', '/.rootfs3']);
});
