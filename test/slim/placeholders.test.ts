import { describe, expect, test } from 'vitest';
import type { Reason } from '../../src/analysis/need.ts';
import type { Arrival, Layout } from '../../src/plan/layout.ts';
import { imagePath } from '../../src/shared/image-path.ts';
import type { WarningCode } from '../../src/slim/result.ts';
import { withPlaceholders } from '../../src/slim/search/placeholders.ts';
import type { SearchSubject } from '../../src/slim/search/search-stage.ts';
import { rootfsOf } from '../support/rootfs.ts';

const STAT: Reason = { kind: 'traced', how: 'stat' };
const OPENED: Reason = { kind: 'traced', how: 'opened' };

const TABLE = {
  '/var/empty': '',
  '/empty': '',
  '/empty-program': { content: '', mode: 0o755 },
  '/etc/hostname': '',
  '/etc/asked': 'a flag',
  '/etc/needed': 'a flag whose size matters',
  '/etc/read': 'text',
  '/bin/tool': { content: 'code', mode: 0o755 },
  '/etc/secret': { content: 'x', mode: 0o600 },
  '/lib/module.py': 'print(1)',
};

/** Where each of the paths is copied from, with an oracle that wants some files whole. */
async function substituted(paths: Readonly<Record<string, readonly Reason[]>>, whole: readonly string[]) {
  await using rootfs = await rootfsOf(TABLE);
  let questions = 0;
  const codes: WarningCode[] = [];
  const oracle = {
    ask: async ({ entries }: Layout) => {
      questions += 1;
      return entries.every((entry) => entry.type !== 'file' || !whole.includes(entry.path) || entry.size > 0);
    },
  };
  const planned = Object.entries(paths).map(
    ([path, reasons]): Arrival => ({ path: imagePath(path), source: imagePath(path), reasons }),
  );
  const arrivals = await withPlaceholders({ warn: ({ code }) => codes.push(code) }, {
    rootfs,
    planned,
    oracle,
    signal: new AbortController().signal,
  } as unknown as SearchSubject);
  expect(arrivals.map(({ path }) => path)).toEqual(planned.map(({ path }) => path));
  const sources = arrivals.flatMap(({ path, source }) => (path === source ? [] : [[path, source]]));
  const marked = arrivals.filter(({ reasons }) => reasons.some(({ kind }) => kind === 'placeholder'));
  expect(marked.map(({ path }) => path)).toEqual(sources.map(([path]) => path));
  return { sources: Object.fromEntries(sources), questions, codes };
}

describe('an empty file stands for a file', () => {
  test('that is only looked up: an empty file of the same mode, with the shortest path', async () => {
    const asked = {
      '/etc/asked': [STAT],
      '/bin/tool': [STAT, { kind: 'search' } as const],
      '/etc/read': [STAT, OPENED],
    };
    expect(await substituted(asked, [])).toEqual({
      sources: { '/etc/asked': '/empty', '/bin/tool': '/empty-program' },
      questions: 1,
      codes: [],
    });
  });

  test('but for those that the app wants whole, one after another', async () => {
    const asked = { '/etc/asked': [STAT], '/etc/needed': [STAT], '/bin/tool': [STAT] };
    expect(await substituted(asked, ['/etc/needed'])).toEqual({
      sources: { '/etc/asked': '/empty', '/bin/tool': '/empty-program' },
      questions: 4,
      codes: ['placeholder-refused'],
    });
  });

  test.each([
    ['/etc/secret', 'no empty file has its mode'],
    ['/lib/module.py', 'a .pyc knows its size'],
    ['/empty', 'it is empty'],
    ['/etc', 'it is a directory'],
  ])('but not for %s: %s', async (path) => {
    expect(await substituted({ [path]: [STAT] }, [])).toEqual({ sources: {}, questions: 0, codes: [] });
  });
});
