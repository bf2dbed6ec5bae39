import { describe, expect, test } from 'vitest';
import type { Need, Reason } from '../../src/analysis/need.ts';
import { type Layout, layOut } from '../../src/plan/layout.ts';
import { planSlim } from '../../src/plan/plan.ts';
import { imagePath } from '../../src/shared/image-path.ts';
import { type RootfsTable, rootfsOf } from '../support/rootfs.ts';

const OPENED: Reason = { kind: 'traced', how: 'opened' };
const hash = (layout: Layout, path: string) =>
  layout.entries.find((entry) => entry.path === path && entry.type === 'file');

async function layoutOf(table: RootfsTable, ...paths: string[]): Promise<Layout> {
  await using rootfs = await rootfsOf(table);
  const needs = paths.map((path): Need => ({ path: imagePath(path), reason: OPENED }));
  return layOut(rootfs, planSlim(rootfs, needs));
}

/** Every entry in one line. */
const linesOf = (layout: Layout) =>
  layout.entries.map((entry) => {
    const head = `${entry.type} ${entry.path} ${entry.mode.toString(8)} ${entry.uid}:${entry.gid}`;
    return entry.type === 'directory' && entry.isEmpty ? `${head} empty` : head;
  });

test('a file arrives with its mode and owner, the directories above with what COPY gives them', async () => {
  const layout = await layoutOf(
    { '/srv': 'directory 700', '/srv/app': { content: 'x', mode: 0o4755, uid: 33, gid: 4 } },
    '/srv/app',
  );
  expect(linesOf(layout)).toEqual(['directory /srv 755 0:0', 'file /srv/app 4755 33:4']);
  expect(layout.entries[1]).toMatchObject({ size: 1, reasons: [OPENED], source: '/srv/app' });
});

describe('links are flattened', () => {
  const TABLE = {
    '/lib': 'symlink usr/lib',
    '/usr/lib/liba.so.1': 'symlink liba.so.1.2',
    '/usr/lib/liba.so.1.2': 'library',
    '/etc/alt': 'symlink ../usr/lib',
  };

  test('a name through links is a separate file, and what it leads to does not arrive', async () => {
    expect(linesOf(await layoutOf(TABLE, '/lib/liba.so.1'))).toEqual([
      'directory /lib 755 0:0',
      'file /lib/liba.so.1 644 0:0',
    ]);
  });

  test('a file with several names arrives as often, each time the same', async () => {
    const layout = await layoutOf(TABLE, '/lib/liba.so.1', '/usr/lib/liba.so.1.2');
    expect(linesOf(layout)).toEqual([
      'directory /lib 755 0:0',
      'file /lib/liba.so.1 644 0:0',
      'directory /usr 755 0:0',
      'directory /usr/lib 755 0:0',
      'file /usr/lib/liba.so.1.2 644 0:0',
    ]);
    const [one, other] = [hash(layout, '/lib/liba.so.1'), hash(layout, '/usr/lib/liba.so.1.2')];
    expect(one).toMatchObject({ sha256: (other as { sha256: string }).sha256, source: '/lib/liba.so.1' });
  });

  test('a link to a directory is a directory', async () => {
    expect(linesOf(await layoutOf(TABLE, '/etc/alt'))).toEqual([
      'directory /etc 755 0:0',
      'directory /etc/alt 755 0:0 empty',
    ]);
  });

  test('both names of a hard-linked file arrive', async () => {
    const layout = await layoutOf({ '/a': 'x', '/b': 'link /a' }, '/a', '/b');
    expect(linesOf(layout)).toEqual(['file /a 644 0:0', 'file /b 644 0:0']);
  });
});

describe('a directory', () => {
  test('that is needed alone is empty, whatever it holds and whatever its mode', async () => {
    const layout = await layoutOf({ '/tmp': 'directory 1777', '/tmp/x': '' }, '/tmp');
    expect(linesOf(layout)).toEqual(['directory /tmp 755 0:0 empty']);
  });

  test('is not empty where something below it arrives', async () => {
    const layout = await layoutOf(
      { '/var/log/app/x': '', '/var/run': 'directory' },
      '/var',
      '/var/log',
      '/var/log/app',
    );
    expect(layout.entries.map(({ reasons }) => reasons)).toEqual([[OPENED], [OPENED], [OPENED]]);
    expect(linesOf(layout)).toEqual([
      'directory /var 755 0:0',
      'directory /var/log 755 0:0',
      'directory /var/log/app 755 0:0 empty',
    ]);
  });
});

test('what no COPY line can carry is left, and named', async () => {
  const layout = await layoutOf({ '/run/pipe': 'fifo', '/a': '' }, '/run/pipe', '/a');
  expect(layout.left).toEqual(['/run/pipe']);
  expect(linesOf(layout)).toEqual(['file /a 644 0:0']);
});
