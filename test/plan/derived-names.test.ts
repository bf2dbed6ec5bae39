import { expect, test } from 'vitest';
import type { Need, Reason } from '../../src/analysis/need.ts';
import { layOut } from '../../src/plan/layout.ts';
import { planSlim } from '../../src/plan/plan.ts';
import { imagePath } from '../../src/shared/image-path.ts';
import { rootfsOf } from '../support/rootfs.ts';

const TABLE = {
  '/usr/bin/python3': 'symlink python3.11',
  '/usr/bin/python': 'symlink python3',
  '/usr/bin/python3.11': 'ELF',
};

const traced = (how: Extract<Reason, { kind: 'traced' }>['how']): Reason => ({ kind: 'traced', how });
const STARTED: Reason = { kind: 'started' };
const READ = traced('linked-through');
const STAT = traced('stat');

/** The files that arrive, of paths with their reasons. */
async function filesOf(needed: Readonly<Record<string, readonly Reason[]>>): Promise<string[]> {
  await using rootfs = await rootfsOf(TABLE);
  const needs = Object.entries(needed).flatMap(([path, reasons]) =>
    reasons.map((reason): Need => ({ path: imagePath(path), reason })),
  );
  const { entries } = layOut(rootfs, planSlim(rootfs, needs));
  return entries.flatMap(({ type, path }) => (type === 'file' ? [path.slice('/usr/bin/'.length)] : []));
}

test.each<[claim: string, needed: Record<string, Reason[]>, files: string[]]>([
  [
    'is one copy where the program reads the link that it was started by, and looks for what that leads to',
    { '/usr/bin/python3': [STARTED, READ], '/usr/bin/python3.11': [STAT] },
    ['python3'],
  ],
  [
    'is one copy by the name that is run, through two links',
    {
      '/usr/bin/python': [traced('executed'), READ],
      '/usr/bin/python3': [READ, STAT],
      '/usr/bin/python3.11': [STAT],
    },
    ['python'],
  ],
  [
    'is two copies where both are opened',
    { '/usr/bin/python3': [STARTED, READ], '/usr/bin/python3.11': [STAT, traced('opened')] },
    ['python3', 'python3.11'],
  ],
  [
    'is two copies where no link was read: the program knows the other name without a link',
    { '/usr/bin/python3': [STARTED], '/usr/bin/python3.11': [STAT] },
    ['python3', 'python3.11'],
  ],
  [
    'is the copy that is looked for, where nothing else is wanted of it',
    { '/usr/bin/python3': [READ], '/usr/bin/python3.11': [STAT] },
    ['python3', 'python3.11'],
  ],
])('a file with several names %s', async (_, needed, files) => {
  expect(await filesOf(needed)).toEqual(files);
});
