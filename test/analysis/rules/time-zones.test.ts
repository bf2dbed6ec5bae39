import { expect, test } from 'vitest';
import { timeZones } from '../../../src/analysis/rules/time-zones.ts';
import { heldBy, NOTHING_HELD } from './rule-context.ts';

const TREE = {
  '/usr/share/zoneinfo/Europe/Berlin': 'TZif',
  '/usr/share/zoneinfo/UTC': 'TZif',
  '/usr/share/zoneinfo/right/UTC': 'TZif',
  '/usr/share/zoneinfo/posix': 'symlink .',
  '/usr/share/zoneinfo/zone.tab': 'a table',
  '/opt/zone': 'TZif',
};

test.each([
  ['Europe/Berlin', '/usr/share/zoneinfo/Europe/Berlin'],
  [':Europe/Berlin', '/usr/share/zoneinfo/Europe/Berlin'],
  ['UTC', '/usr/share/zoneinfo/UTC'],
  ['/opt/zone', '/opt/zone'],
])('TZ=%s holds %s', async (TZ, path) => {
  expect((await heldBy(timeZones, { tree: TREE, env: { TZ }, imports: ['localtime_r'] })).paths).toEqual([
    path,
  ]);
});

test.each(['', 'CET-1CEST', 'Europe/Nowhere'])('TZ=%s, which names no file, holds nothing', async (TZ) => {
  expect(await heldBy(timeZones, { tree: TREE, env: { TZ }, imports: ['tzset'] })).toEqual(NOTHING_HELD);
});

test('a program that does not use local time holds nothing; of a static program this is not known', async () => {
  const env = { TZ: 'UTC' };
  expect(await heldBy(timeZones, { tree: TREE, env })).toEqual(NOTHING_HELD);
  expect((await heldBy(timeZones, { tree: TREE, env, libc: 'none' })).paths).toEqual([
    '/usr/share/zoneinfo/UTC',
  ]);
});

test('all zones but their duplicates are held where they are asked for', async () => {
  const { paths } = await heldBy(timeZones, { tree: TREE, assume: ['time-zones'] });
  expect(paths).toEqual([
    '/usr/share/zoneinfo/Europe/Berlin',
    '/usr/share/zoneinfo/UTC',
    '/usr/share/zoneinfo/zone.tab',
  ]);
});
