import { describe, expect, test } from 'vitest';
import { withoutDispensable } from '../../src/analysis/dispensable.ts';
import type { Need, Reason } from '../../src/analysis/need.ts';
import { imagePath } from '../../src/shared/image-path.ts';
import { memoryTree, type TreeTable } from '../support/memory-tree.ts';

const traced = (how: Extract<Reason, { kind: 'traced' }>['how']): Reason => ({ kind: 'traced', how });
const ASKED: Reason = { kind: 'asked', glob: '/**' };

/** Whether a need is let go. */
function isGone(
  path: string,
  reason: Reason,
  { table = {}, cacheNeeded = false }: { table?: TreeTable; cacheNeeded?: boolean } = {},
): boolean {
  const need: Need = { path: imagePath(path), reason };
  const env = { LD_LIBRARY_PATH: '/usr/local/lib:/usr/lib/;relative' };
  const left = withoutDispensable([need], { tree: memoryTree(table), env, cacheNeeded });
  if (left.length > 0) expect(left).toEqual([need]);
  return left.length === 0;
}

describe('a directory of LD_LIBRARY_PATH', () => {
  test.each(['/usr/local/lib', '/usr/lib', '/relative'])('%s that was only looked for goes', (path) => {
    expect(isGone(path, traced('stat'))).toBe(true);
  });

  test.each<[string, Reason]>([
    ['/usr/lib', traced('listed')],
    ['/usr/lib', ASKED],
    ['/usr/lib/x', traced('stat')],
    ['/lib', traced('stat')],
  ])('%s stays for %j', (path, reason) => {
    expect(isGone(path, reason)).toBe(false);
  });
});

describe('ld.so.cache', () => {
  test('goes where no library is found by it alone', () => {
    expect(isGone('/etc/ld.so.cache', traced('opened'))).toBe(true);
  });

  test('stays where one is', () => {
    expect(isGone('/etc/ld.so.cache', traced('opened'), { cacheNeeded: true })).toBe(false);
  });

  test.each<[string, Reason]>([
    ['/etc/ld.so.cache', ASKED],
    ['/etc/ld.so.cache', { kind: 'rule', rule: 'loader-cache' }],
    ['/etc/ld.so.conf', traced('opened')],
  ])('%s stays for %j', (path, reason) => {
    expect(isGone(path, reason)).toBe(false);
  });
});

describe('the time zone', () => {
  /** A TZif file, RFC 9636, of version 2 whose body holds no transition but `transitions`. */
  const zone = (rule: string, transitions = 0) => {
    const head = Buffer.alloc(44);
    head.write('TZif2');
    head.writeUInt32BE(transitions, 32);
    return Buffer.concat([head, head, Buffer.from(`\n${rule}\n`)]);
  };
  const localtime = (content: string | Uint8Array): TreeTable => ({
    '/etc/localtime': 'symlink /usr/share/zoneinfo/Zone',
    '/usr/share/zoneinfo/Zone': content,
  });
  const goes = (table: TreeTable, reason: Reason = traced('opened')) =>
    isGone('/etc/localtime', reason, { table });

  test('goes where it is UTC', () => {
    expect(goes(localtime(zone('UTC0')))).toBe(true);
  });

  test.each<[string, TreeTable]>([
    ['has another rule', localtime(zone('CET-1CEST,M3.5.0,M10.5.0/3'))],
    ['ends like UTC', localtime(zone('XUTC0'))],
    ['has transitions', localtime(zone('UTC0', 3))],
    ['is no zone file', localtime('UTC0\n'.repeat(20))],
    ['is short', localtime('TZif')],
    ['is long', localtime(Buffer.concat([zone('x'), Buffer.alloc(2000), Buffer.from('\nUTC0\n')]))],
    ['leads nowhere', { '/etc/localtime': 'symlink nowhere' }],
  ])('stays where the file %s', (_, table) => {
    expect(goes(table)).toBe(false);
  });

  test('stays where the user asks for it', () => {
    expect(goes(localtime(zone('UTC0')), ASKED)).toBe(false);
  });
});
