import { describe, expect, test } from 'vitest';
import type { Reason } from '../../src/analysis/need.ts';
import type { Arrival } from '../../src/plan/layout.ts';
import { imagePath } from '../../src/shared/image-path.ts';
import { type ItemsRequest, type SearchItem, searchItems } from '../../src/slim/search/search-items.ts';
import { type RootfsTable, rootfsOf } from '../support/rootfs.ts';

const OPENED: Reason = { kind: 'traced', how: 'opened' };
const LISTED: Reason = { kind: 'traced', how: 'listed' };
const arrivalOf = (path: string, reason: Reason = OPENED): Arrival => ({
  path: imagePath(path),
  source: imagePath(path),
  reasons: [reason],
});

/** The items of a root file system, by the first name of each. */
async function itemsOf(
  table: RootfsTable,
  request: Partial<Omit<ItemsRequest, 'rootfs'>> = {},
): Promise<Record<string, SearchItem>> {
  await using rootfs = await rootfsOf(table);
  const items = searchItems({
    rootfs,
    planned: [],
    isHeld: () => false,
    isDropped: () => false,
    ...request,
  });
  const named = items.map((item): [string, SearchItem] => [item.arrivals[0]?.path ?? '', item]);
  expect(new Set(named.map(([name]) => name)).size).toBe(items.length);
  return Object.fromEntries(named);
}

const namesOf = ({ arrivals }: SearchItem) => arrivals.map(({ path }) => path);

const DPKG = {
  '/lib': 'symlink usr/lib',
  '/usr/lib/liba.so.1': 'symlink liba.so.1.2',
  '/usr/lib/liba.so.1.2': 'twelve bytes',
  '/opt/own': 'x',
  '/var/lib/dpkg/info/liba1:amd64.list': '/.\n/lib\n/lib/liba.so.1\n/lib/liba.so.1.2\n',
};

describe('groups are', () => {
  test("the package by dpkg's lists, whatever way a list names the file, then its directories", async () => {
    const items = await itemsOf(DPKG);
    expect(items['/usr/lib/liba.so.1.2']?.groups).toEqual(['liba1', 'usr', 'lib']);
    expect(items['/usr/lib/liba.so.1']?.groups).toEqual(['liba1', 'usr', 'lib']);
    expect(items['/opt/own']?.groups).toEqual(['', 'opt']);
  });

  test("the package by apk's database", async () => {
    const database = 'P:musl\nV:1.2\nF:lib\nR:libc.so\n\nP:app\nF:usr/bin\nR:app\n';
    const items = await itemsOf({
      '/lib/libc.so': 'x',
      '/usr/bin/app': 'x',
      '/lib/apk/db/installed': database,
    });
    expect(items['/lib/libc.so']?.groups).toEqual(['musl', 'lib']);
    expect(items['/usr/bin/app']?.groups).toEqual(['app', 'usr', 'bin']);
  });
});

describe('what no analysis found is there', () => {
  test('under every name that a link to a directory gives it', async () => {
    const items = await itemsOf(DPKG);
    expect(namesOf(items['/usr/lib/liba.so.1.2'] as SearchItem).sort()).toEqual([
      '/lib/liba.so.1.2',
      '/usr/lib/liba.so.1.2',
    ]);
    expect(items['/usr/lib/liba.so.1.2']).toMatchObject({ bytes: 12, traced: false, held: false });
  });

  test('less the names that were found', async () => {
    const items = await itemsOf(DPKG, { planned: [arrivalOf('/lib/liba.so.1.2')] });
    expect(items['/lib/liba.so.1.2']).toMatchObject({
      traced: true,
      bytes: 12,
      groups: ['liba1', 'usr', 'lib'],
    });
    expect(namesOf(items['/usr/lib/liba.so.1.2'] as SearchItem)).toEqual(['/usr/lib/liba.so.1.2']);
  });

  test('as files and empty directories: no directory that holds something, no link that leads nowhere, no FIFO', async () => {
    const items = await itemsOf({
      '/var/empty': 'directory',
      '/var/full/x': 'x',
      '/gone': 'symlink nowhere',
      '/pipe': 'fifo',
    });
    expect(Object.keys(items).sort()).toEqual(['/var/empty', '/var/full/x']);
  });

  test('but for what the kernel or the engine puts there, and what the user has dropped', async () => {
    const table = {
      '/proc/x': 'x',
      '/sys/x': 'x',
      '/dev/x': 'x',
      '/etc/hosts': '',
      '/etc/passwd': '',
      '/srv/a': 'a',
      '/srv/b': 'b',
    };
    const items = await itemsOf(table, { isDropped: (path) => path === '/srv/a' });
    expect(Object.keys(items)).toEqual(['/etc/passwd', '/srv/b']);
  });
});

test('what is held is what the caller names', async () => {
  const planned = [arrivalOf('/a'), arrivalOf('/b', { kind: 'asked', glob: '/b' })];
  const isHeld = ({ reasons }: Arrival) => reasons.some(({ kind }) => kind === 'asked');
  const items = await itemsOf({ '/a': 'a', '/b': 'b', '/c': 'c' }, { planned, isHeld });
  expect(Object.entries(items).map(([name, { traced, held }]) => [name, traced, held])).toEqual([
    ['/a', true, false],
    ['/b', true, true],
    ['/c', false, false],
  ]);
});

test('what lies in a directory that the app listed is suspected, by whatever name it was listed, and no other', async () => {
  const table = {
    '/alias': 'symlink srv/names',
    '/srv/names/one': '1',
    '/srv/names/deep/two': '2',
    '/srv/other': '3',
  };
  const items = await itemsOf(table, { planned: [arrivalOf('/alias', LISTED)] });
  expect(items['/srv/names/one']?.suspicion).toBe(1);
  expect(items['/srv/names/deep/two']?.suspicion).toBe(0);
  expect(items['/srv/other']?.suspicion).toBe(0);
});
