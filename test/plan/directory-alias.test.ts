import { expect, test } from 'vitest';
import type { Need, Reason } from '../../src/analysis/need.ts';
import { layOut } from '../../src/plan/layout.ts';
import { planSlim } from '../../src/plan/plan.ts';
import { imagePath } from '../../src/shared/image-path.ts';
import { type RootfsTable, rootfsOf } from '../support/rootfs.ts';

const FROM_CONTEXT: Reason = { kind: 'build-context', source: 'app' };
const OPENED: Reason = { kind: 'traced', how: 'opened' };

/** What arrives, directories with a slash behind. */
async function arrivals(
  table: RootfsTable,
  needs: readonly (readonly [string, Reason])[],
): Promise<string[]> {
  await using rootfs = await rootfsOf(table);
  const wanted = needs.map(([path, reason]): Need => ({ path: imagePath(path), reason }));
  const { entries } = layOut(rootfs, planSlim(rootfs, wanted));
  return entries.map(({ path, type }) => (type === 'directory' ? `${path}/` : path));
}

const RELEASES = {
  '/app/releases/v1/p.txt': 'page',
  '/app/releases/v1/q.txt': 'unused',
  '/app/current': 'symlink releases/v1',
};

test.each([FROM_CONTEXT, { kind: 'asked', glob: '/app/**' } as const])(
  'a link to a directory keeps what is kept below it: %j',
  async (reason) => {
    const needs = [
      ['/app/current', reason],
      ['/app/releases/v1/p.txt', OPENED],
    ] as const;
    expect(await arrivals(RELEASES, needs)).toEqual([
      '/app/',
      '/app/current/',
      '/app/current/p.txt',
      '/app/releases/',
      '/app/releases/v1/',
      '/app/releases/v1/p.txt',
    ]);
  },
);

test('a link that the program read keeps what it used below the target, since it may continue below the link', async () => {
  const needs = [
    ['/app/current', { kind: 'traced', how: 'linked-through' }],
    ['/app/releases/v1/p.txt', OPENED],
  ] as const;
  expect(await arrivals(RELEASES, needs)).toContain('/app/current/p.txt');
});

test('a link that the program used keeps only what it named through the link', async () => {
  const needs = [
    ['/app/current', OPENED],
    ['/app/releases/v1/p.txt', OPENED],
  ] as const;
  expect(await arrivals(RELEASES, needs)).not.toContain('/app/current/p.txt');
});

test('links below a link are gone through as well, and a circle ends', async () => {
  const table = {
    '/a/file': 'a',
    '/a/b': 'symlink ../b',
    '/b/file': 'b',
    '/b/a': 'symlink ../a',
    '/self/here': 'symlink .',
    '/link': 'symlink a',
  };
  const paths = ['/a/file', '/a/b', '/b/file', '/b/a', '/self/here', '/link'];
  const found = await arrivals(
    table,
    paths.map((path) => [path, FROM_CONTEXT] as const),
  );
  expect(found).toEqual(expect.arrayContaining(['/link/file', '/link/b/file', '/a/b/file', '/self/here/']));
  expect(found.length).toBeLessThan(40);
});
