import { expect, test } from 'vitest';
import type { Reason } from '../../src/analysis/need.ts';
import { planSlim } from '../../src/plan/plan.ts';
import { imagePath } from '../../src/shared/image-path.ts';
import { promisedSizes } from '../../src/slim/plan/promised-sizes.ts';
import { rootfsOf } from '../support/rootfs.ts';

const by = (rule: string): Reason => ({ kind: 'promise', rule });
const OPENED: Reason = { kind: 'traced', how: 'opened' };

test('a rule costs what nothing but the promise holds, by the first rule that holds it', async () => {
  await using rootfs = await rootfsOf({
    '/zone/a': 'x'.repeat(20),
    '/zone/b': 'link /zone/a',
    '/zone/opened': 'x'.repeat(400),
    '/icons/a': 'x'.repeat(300),
    '/icons/both': 'x'.repeat(7),
    '/empty': '',
  });
  const needs = [
    ['/zone/a', by('zones')],
    ['/zone/b', by('zones')],
    ['/zone/opened', by('zones')],
    ['/zone/opened', OPENED],
    ['/icons/a', by('server')],
    ['/icons/both', by('server')],
    ['/icons/both', by('zones')],
    ['/empty', by('users')],
  ] as const;
  const plan = planSlim(
    rootfs,
    needs.map(([path, reason]) => ({ path: imagePath(path), reason })),
  );
  expect(promisedSizes(rootfs, plan)).toEqual([
    { rule: 'server', bytes: 307 },
    { rule: 'zones', bytes: 20 },
  ]);
});
