import { describe, expect, test } from 'vitest';
import { withoutDispensable } from '../../src/analysis/dispensable.ts';
import type { Need, Reason } from '../../src/analysis/need.ts';
import { imagePath } from '../../src/shared/image-path.ts';
import type { Promised } from '../../src/shared/promises.ts';
import { memoryTree, type TreeTable } from '../support/memory-tree.ts';

const traced = (how: Extract<Reason, { kind: 'traced' }>['how']): Reason => ({ kind: 'traced', how });
const ASKED: Reason = { kind: 'asked', glob: '/**' };

/** Whether a need is let go. */
function isGone(
  path: string,
  reason: Reason,
  {
    table = {},
    cacheNeeded = false,
    program = '/usr/bin/php8.2',
    promise = 'workload',
  }: { table?: TreeTable; cacheNeeded?: boolean; program?: string; promise?: Promised } = {},
): boolean {
  const need: Need = { path: imagePath(path), reason };
  const env = { LD_LIBRARY_PATH: '/usr/local/lib:/usr/lib/;relative' };
  const left = withoutDispensable([need], {
    tree: memoryTree(table),
    promise,
    env,
    program: imagePath(program),
    cacheNeeded,
  });
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

describe('a name that the dynamic linker tries for the processor', () => {
  const FILE = { table: { '/usr/bin/x86_64': 'setarch' } };
  const DIRECTORY = { table: { '/usr/bin/x86_64/libx.so': '' } };

  test('goes where it is no directory', () => {
    expect(isGone('/usr/bin/x86_64', traced('stat'), FILE)).toBe(true);
  });

  test('stays where it is one, or is used otherwise', () => {
    expect(isGone('/usr/bin/x86_64', traced('stat'), DIRECTORY)).toBe(false);
    expect(isGone('/usr/bin/x86_64', traced('opened'), FILE)).toBe(false);
    expect(isGone('/usr/bin/x86_64', traced('stat'), { ...FILE, program: '/opt/app' })).toBe(false);
    expect(isGone('/usr/bin/x86', traced('stat'), { table: { '/usr/bin/x86': '' } })).toBe(false);
  });
});

describe('a time zone', () => {
  const ZONE = '/usr/share/zoneinfo/Europe/Paris';
  test.each<[string, Reason]>([
    [ZONE, traced('stat')],
    ['/usr/share/zoneinfo/Europe', traced('listed')],
  ])('%s that was only %j goes', (path, reason) => {
    expect(isGone(path, reason)).toBe(true);
  });

  test.each(['app', 'runtime'] as const)('stays under the promise %s', (promise) => {
    expect(isGone(ZONE, traced('stat'), { promise })).toBe(false);
    expect(isGone('/usr/share/zoneinfo/Europe', traced('listed'), { promise })).toBe(false);
  });

  test('stays for another program than PHP', () => {
    expect(isGone(ZONE, traced('stat'), { program: '/usr/bin/ruby3.1' })).toBe(false);
  });

  test.each<[string, Reason]>([
    [ZONE, traced('opened')],
    [ZONE, { kind: 'rule', rule: 'time-zones' }],
    ['/usr/share/zoneinfo', traced('listed')],
    ['/usr/share/zoneinfo/UTC', traced('stat')],
    ['/usr/share/zoneinfo.tab', traced('stat')],
  ])('%s stays for %j', (path, reason) => {
    expect(isGone(path, reason)).toBe(false);
  });
});

describe('ld.so.cache', () => {
  test('goes where no library is found by it alone', () => {
    expect(isGone('/etc/ld.so.cache', traced('opened'))).toBe(true);
  });

  test('goes under a wider promise as well: the loader looks it up, not the app', () => {
    expect(isGone('/etc/ld.so.cache', traced('opened'), { promise: 'runtime' })).toBe(true);
    expect(isGone('/usr/local/lib', traced('stat'), { promise: 'app' })).toBe(true);
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

  test('stays under a promise beyond the workload', () => {
    for (const promise of ['app', 'runtime'] as const) {
      const table = localtime(zone('UTC0'));
      expect(isGone('/etc/localtime', traced('opened'), { table, promise }), promise).toBe(false);
    }
  });

  test('stays where the user asks for it', () => {
    expect(goes(localtime(zone('UTC0')), ASKED)).toBe(false);
  });
});
