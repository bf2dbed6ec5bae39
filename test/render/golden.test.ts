import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readMarker } from '../../src/dockerfile/marker.ts';
import { renderStored } from './golden/render-stored.ts';
import type { StoredPlan } from './golden/stored-plan.ts';

const ENTRIES = join(import.meta.dirname, 'golden/entries');
const names = readdirSync(ENTRIES, { recursive: true, encoding: 'utf8' });
const entries = names.filter((name) => name.endsWith('/plan.json')).map((name) => dirname(name));

test('there is a stored plan of every shape', () => {
  expect(entries.length).toBeGreaterThan(20);
  const shapes = entries.map(
    (entry) => `${planOf(entry).shape}${names.includes(`${entry}/rootfs.list`) ? ', list' : ''}`,
  );
  expect([...new Set(shapes)].sort()).toEqual(['below', 'below, list', 'in-place', 'in-place, list']);
});

describe.each(entries.sort())('%s', (entry) => {
  test('is rendered as it is stored', async () => {
    const { text, list } = renderStored(planOf(entry));
    await expect(text).toMatchFileSnapshot(join(ENTRIES, entry, 'Dockerfile'));
    const hasList = names.includes(`${entry}/rootfs.list`);
    expect(list !== null).toBe(hasList);
    if (list !== null) await expect(list).toMatchFileSnapshot(join(ENTRIES, entry, 'rootfs.list'));
    expect(readMarker(text, list)).toMatchObject({ intact: true, aboveUnchanged: true });
  });
});

function planOf(entry: string): StoredPlan {
  return JSON.parse(readFileSync(join(ENTRIES, entry, 'plan.json'), 'utf8')) as StoredPlan;
}
