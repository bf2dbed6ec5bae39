import { describe, expect, test } from 'vitest';
import type { Need } from '../../src/analysis/need.ts';
import type { Rootfs } from '../../src/image/rootfs.ts';
import { imagePath } from '../../src/shared/image-path.ts';
import { askedNeeds, settleNeeds, warnOfMissing, withoutDropped } from '../../src/slim/find/given-needs.ts';
import type { Warning } from '../../src/slim/result.ts';
import { rootfsOf } from '../support/rootfs.ts';

const need = (path: string): Need => ({ path: imagePath(path), reason: { kind: 'traced', how: 'opened' } });
const pathsOf = (needs: readonly Need[]) => needs.map(({ path }) => path);

/** A root file system with a merged /usr. */
const merged = () =>
  rootfsOf({
    '/lib': 'symlink usr/lib',
    '/usr/lib/liba.so.1': 'symlink liba.so.1.2',
    '/usr/lib/liba.so.1.2': 'library',
    '/usr/lib/gone': 'symlink nowhere',
    '/etc/conf': 'conf',
  });

describe('keep', () => {
  test.each([
    ['/etc/*', ['/etc/conf']],
    ['/lib/**/*.so.*', ['/lib/liba.so.1', '/lib/liba.so.1.2']],
    ['/usr/lib/*', ['/usr/lib/liba.so.1', '/usr/lib/liba.so.1.2']],
    ['/**/liba.so.1.2', ['/usr/lib/liba.so.1.2']],
  ])('%s asks for %j', async (glob, expected) => {
    await using rootfs = await merged();
    const needs = askedNeeds(rootfs, [glob]);
    expect(pathsOf(needs)).toEqual(expected);
    expect(needs[0]?.reason).toEqual({ kind: 'asked', glob });
  });
});

describe('drop', () => {
  test.each([
    ['/usr/lib/liba.so.1', '/lib/liba.so.1.2', true],
    ['/usr/lib/liba.so.1.2', '/lib/liba.so.1', false],
    ['/usr/lib/**', '/lib/liba.so.1', false],
    ['/lib/**', '/usr/lib/liba.so.1.2', false],
    ['/lib/liba.so.1', '/lib/liba.so.1', false],
    ['/etc/**', '/lib/liba.so.1', true],
  ])('%s: whether %s stays is %s', async (glob, path, stays) => {
    await using rootfs = await merged();
    expect(withoutDropped([need(path)], { rootfs, drop: [glob] })).toHaveLength(stays ? 1 : 0);
  });
});

function settled(rootfs: Rootfs, needs: readonly Need[], config: { keep: string[]; drop: string[] }) {
  const warnings: Warning[] = [];
  const left = settleNeeds(needs, { rootfs, config, warn: (warning) => warnings.push(warning) });
  return { left: pathsOf(left), warnings: warnings.map(({ code, message }) => `${code}: ${message}`) };
}

test('a glob that matches nothing is warned of, in both lists', async () => {
  await using rootfs = await merged();
  const config = { keep: ['/lib/liba*', '/lib/libb*'], drop: ['/etc/**', '/opt/**'] };
  expect(settled(rootfs, [need('/lib/liba.so.1')], config)).toEqual({
    left: ['/lib/liba.so.1'],
    warnings: ['/lib/libb*', '/opt/**'].map(
      (glob) => `glob-unmatched: ${glob} matches no path in the full root file system`,
    ),
  });
});

test('a file below /dev is warned of and left out', async () => {
  await using rootfs = await rootfsOf({ '/dev/x': 'x', '/app': 'app' });
  const { left, warnings } = settled(rootfs, [need('/dev/x'), need('/app')], { keep: [], drop: [] });
  expect(left).toEqual(['/app']);
  expect(warnings).toEqual([expect.stringMatching(/^dev-file: /)]);
});

test('a need that leads nowhere is reported with its reason', () => {
  const warnings: Warning[] = [];
  warnOfMissing([need('/gone')], (warning) => warnings.push(warning));
  expect(warnings).toEqual([
    {
      code: 'need-missing',
      message: 'kraft-slim leaves out /gone, which leads to no file: opened by the running program',
    },
  ]);
});
