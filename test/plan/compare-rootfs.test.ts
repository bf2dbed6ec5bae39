import { describe, expect, test } from 'vitest';
import type { Need } from '../../src/analysis/need.ts';
import type { Rootfs } from '../../src/image/rootfs.ts';
import { compareRootfs } from '../../src/plan/compare-rootfs.ts';
import { layOut } from '../../src/plan/layout.ts';
import { planSlim } from '../../src/plan/plan.ts';
import { type RootfsTable, rootfsOf } from '../support/rootfs.ts';

const TABLE: RootfsTable = {
  '/app': { content: 'program', mode: 0o755, uid: 33, gid: 4 },
  '/etc/app.conf': 'key = value',
  '/var/tmp': 'directory',
};

/** Compares a rebuilt root file system with the layout of all files and the directory of TABLE. */
async function differences(rebuilt: RootfsTable): Promise<string[]> {
  await using full = await rootfsOf(TABLE);
  await using other = await rootfsOf(rebuilt);
  return compareRootfs(other, layoutOfAll(full));
}

function layoutOfAll(rootfs: Rootfs) {
  const needs = [...rootfs.entries()].map(([path]): Need => ({ path, reason: { kind: 'started' } }));
  return layOut(rootfs, planSlim(rootfs, needs));
}

const { '/etc/app.conf': _, ...withoutConfig } = TABLE;
const { '/var/tmp': __, ...withoutTmp } = TABLE;

test('what was laid out is found without a difference, whatever its times', async () => {
  expect(
    await differences({ ...TABLE, '/etc/app.conf': { content: 'key = value', mtime: 1_700_000_000 } }),
  ).toEqual([]);
});

describe('a difference is found where', () => {
  test.each<[string, RootfsTable, string[]]>([
    ['a file is missing', withoutConfig, ['/etc is not there', '/etc/app.conf is not there']],
    ['an empty directory is missing', withoutTmp, ['/var is not there', '/var/tmp is not there']],
    ['a file is too many', { ...TABLE, '/etc/x': '' }, ['/etc/x is in the image, but not in the plan']],
    [
      'a directory is too many',
      { ...TABLE, '/opt': 'directory' },
      ['/opt is in the image, but not in the plan'],
    ],
    ['a link is too many', { ...TABLE, '/lib': 'symlink a' }, ['/lib is in the image, but not in the plan']],
    [
      'the content is another',
      { ...TABLE, '/etc/app.conf': 'key = other' },
      ['/etc/app.conf has another content'],
    ],
    [
      'the mode is another',
      { ...TABLE, '/app': { content: 'program', mode: 0o4755, uid: 33, gid: 4 } },
      ['/app has mode 4755, not 0755'],
    ],
    [
      'the owner is another',
      { ...TABLE, '/app': { content: 'program', mode: 0o755, uid: 0, gid: 4 } },
      ['/app belongs to 0:4, not to 33:4'],
    ],
    [
      'the group is another',
      { ...TABLE, '/app': { content: 'program', mode: 0o755, uid: 33, gid: 0 } },
      ['/app belongs to 33:0, not to 33:4'],
    ],
    ['a file is a directory', { ...TABLE, '/app': 'directory' }, ['/app is a directory, not a file']],
    ['a file is a link', { ...TABLE, '/app': 'symlink etc/app.conf' }, ['/app is a symlink, not a file']],
    ['a directory is a file', { ...TABLE, '/var/tmp': '' }, ['/var/tmp is a file, not a directory']],
    [
      'a directory is closed',
      { ...TABLE, '/var/tmp': 'directory 700' },
      ['/var/tmp has mode 0700, not 0755'],
    ],
  ])('%s', async (_, rebuilt, expected) => {
    expect(await differences(rebuilt)).toEqual(expected);
  });

  test('there are several: each is reported', async () => {
    expect(await differences({ '/app': 'x', '/new': '' })).toHaveLength(6);
  });
});

describe('what the engine makes is no difference', () => {
  test('not even a directory that no line requests', async () => {
    expect(
      await differences({ ...TABLE, '/dev/pts': 'directory', '/proc': 'directory', '/sys': 'directory 555' }),
    ).toEqual([]);
  });

  test('be it the mode of a directory that is laid out as well', async () => {
    expect(await differences({ '/etc': 'directory 700', ...TABLE })).toEqual([]);
  });

  test('but a file in such a place is', async () => {
    expect(await differences({ ...TABLE, '/proc': 'x', '/dev/null': '' })).toEqual([
      '/proc is in the image, but not in the plan',
      '/dev/null is in the image, but not in the plan',
    ]);
  });
});
