import { appendFile, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { UserError } from '../../src/shared/failure.ts';
import { emptyResult, type Result } from '../../src/slim/result.ts';
import type { CatalogEntry } from '../../src/sweep/catalog-entry.ts';
import type { SweepEvent } from '../../src/sweep/event.ts';
import { type SweepRequest, sweep } from '../../src/sweep/sweep.ts';
import { type Catalog, catalogOf, type Files } from '../support/catalog.ts';
import { PLAIN } from './plain-options.ts';

const KRAFTFILE = 'spec: v0.6\n\nrootfs: ./Dockerfile\n\ncmd: ["/a"]\n';
const appAt = (name: string, runtime: string): Files => ({
  [`${name}/Kraftfile`]: `${KRAFTFILE}\n${runtime}\n`,
  [`${name}/Dockerfile`]: 'FROM debian:bookworm\n',
});
const FILES = {
  ...appAt('examples/a', 'runtime: base:latest'),
  ...appAt('examples/b', 'runtime: base:latest'),
  ...appAt('examples/delta', 'runtime: node:18'),
  ...appAt('library/node/18', 'template: {source: x, version: y}'),
  'native/c/Kraftfile': 'spec: v0.6\n',
};
const ALL = ['examples/a', 'examples/b', 'examples/delta', 'library/node/18', 'native/c'];

/** A sweep whose entries are worked on by a function. */
async function run(
  catalog: Catalog,
  work: (entry: CatalogEntry) => Promise<Partial<Result>>,
  {
    signal = new AbortController().signal,
    ...request
  }: Partial<SweepRequest> & { signal?: AbortSignal } = {},
) {
  const worked: string[] = [];
  const events: SweepEvent[] = [];
  const options = PLAIN;
  const usual = { below: null, globs: [], changed: null, classes: { only: [], skip: [] }, shard: null };
  const reports = await sweep(
    { catalogRoot: catalog.path, ...usual, durations: null, options, jobs: 2, ...request },
    {
      signal,
      on: (event) => events.push(event),
      openExecutor: async () => ({
        async execute(entry) {
          worked.push(entry.name);
          const found = await work(entry);
          const seconds = { ...emptyResult('').seconds, build: 1 };
          const result: Result = { ...emptyResult(entry.name), status: 'slimmed', seconds, ...found };
          return { result, changes: [{ name: 'Dockerfile', before: 'a', after: 'b' }], error: null };
        },
        [Symbol.asyncDispose]: async () => undefined,
      }),
    },
  );
  const told = reports.map(({ result }) => [result.entry, result.status, result.code]);
  return { worked, events, told, reports };
}

const slimmed = async () => ({});

describe('a sweep', () => {
  test('works on every entry, a delta after its library entry, and reports them in the order of their names', async () => {
    await using catalog = await catalogOf(FILES);
    const { worked, told } = await run(catalog, slimmed);
    expect(told).toEqual(ALL.map((name) => [name, 'slimmed', null]));
    expect(worked[0]).toBe('library/node/18');
    expect(worked.indexOf('examples/delta')).toBeLessThan(ALL.length - 1);
  });

  test('loses no result where its journal cannot be written any more, and says so once', async () => {
    await using catalog = await catalogOf(FILES);
    const journal = join(catalog.path, '.kraft-slim/sweep.ndjson');
    const { told, events } = await run(catalog, async () => {
      await rm(journal, { recursive: true, force: true });
      await mkdir(journal, { recursive: true });
      return {};
    });
    expect(told).toEqual(ALL.map((name) => [name, 'slimmed', null]));
    const notices = events.flatMap((event) => (event.type === 'notice' ? [event.message] : []));
    expect(notices).toEqual([expect.stringMatching(/^cannot keep the journal of the sweep: cannot write /)]);
  });

  test('does not begin a delta before its library entry is done, however that ends', async () => {
    await using catalog = await catalogOf(FILES);
    const begun: string[] = [];
    let isDone = false;
    await run(
      catalog,
      async ({ name }) => {
        begun.push(name);
        if (name === 'examples/delta') expect(isDone).toBe(true);
        if (name !== 'library/node/18') return {};
        while (begun.length < 4) await new Promise((resolve) => setTimeout(resolve, 1));
        isDone = true;
        return { status: 'failed', code: 'build-failed' };
      },
      { jobs: 9 },
    );
    expect(isDone).toBe(true);
  });

  test('skips classes that are left out as filtered, and is silent of what is not chosen', async () => {
    await using catalog = await catalogOf(FILES);
    const classes = { only: [], skip: ['native', 'library'] } as const;
    const { worked, told } = await run(catalog, slimmed, {
      classes,
      globs: ['examples/a', 'native', 'library'],
    });
    expect(worked).toEqual(['examples/a']);
    expect(told).toEqual([
      ['examples/a', 'slimmed', null],
      ['library/node/18', 'skipped', 'filtered'],
      ['native/c', 'skipped', 'filtered'],
    ]);
  });

  test('never has more entries under way than jobs', async () => {
    await using catalog = await catalogOf(FILES);
    let now = 0;
    let most = 0;
    await run(catalog, async () => {
      now += 1;
      most = Math.max(most, now);
      await new Promise((resolve) => setTimeout(resolve, 5));
      now -= 1;
      return {};
    });
    expect(most).toBe(2);
  });

  test('reports what happens from beginning to end', async () => {
    await using catalog = await catalogOf(FILES);
    const { events } = await run(catalog, slimmed, { globs: ['examples/a'] });
    expect(events.map((event) => [event.type, 'entry' in event ? event.entry : null])).toEqual([
      ['sweep-started', null],
      ['entry-started', 'examples/a'],
      ['entry-finished', 'examples/a'],
      ['sweep-ended', null],
    ]);
    expect(events[0]).toMatchObject({ entries: 1, resumed: false });
  });

  test('in shards does each entry once', async () => {
    await using catalog = await catalogOf(FILES);
    const worked: string[] = [];
    for (const index of [1, 2, 3]) {
      worked.push(...(await run(catalog, slimmed, { shard: { index, count: 3 } })).worked);
    }
    expect(worked.sort()).toEqual(ALL);
  });

  test('keeps texts of files for a dry run alone, which has no journal', async () => {
    await using catalog = await catalogOf(FILES);
    const options = { ...PLAIN, dryRun: true };
    const dry = await run(catalog, slimmed, { options });
    expect(dry.reports.every(({ changes }) => changes.length === 1)).toBe(true);
    expect(await catalog.status()).toEqual([]);
    expect((await run(catalog, slimmed)).reports.every(({ changes }) => changes.length === 0)).toBe(true);
  });
});

describe('a sweep that was interrupted', () => {
  /** Stops a sweep when it comes to an entry, as a kill would: what was reported before is on disk. */
  async function breakOff(catalog: Catalog, at: string, found: Partial<Result> = {}) {
    const stop = new AbortController();
    return await run(
      catalog,
      async ({ name }) => {
        if (name !== at) return found;
        stop.abort(new Error('interrupted'));
        return { status: 'failed', code: 'interrupted' };
      },
      { jobs: 1, signal: stop.signal },
    );
  }

  test('reports what is finished, and the entry it was at', async () => {
    await using catalog = await catalogOf(FILES);
    expect((await breakOff(catalog, 'examples/b')).told).toEqual([
      ['examples/a', 'slimmed', null],
      ['examples/b', 'failed', 'interrupted'],
      ['examples/delta', 'slimmed', null],
      ['library/node/18', 'slimmed', null],
    ]);
  });

  test('is resumed: what is finished is not done again, and is among the results', async () => {
    await using catalog = await catalogOf(FILES);
    await breakOff(catalog, 'examples/b');
    const { worked, told, events } = await run(catalog, slimmed);
    expect(worked.sort()).toEqual(['examples/b', 'native/c']);
    expect(told).toEqual(ALL.map((name) => [name, 'slimmed', null]));
    expect(events[0]).toMatchObject({ type: 'sweep-started', resumed: true });
    expect(events).toContainEqual(expect.objectContaining({ entry: 'examples/a', from: 'journal' }));
  });

  test('does again what has changed since, failed entries included', async () => {
    await using catalog = await catalogOf(FILES);
    await breakOff(catalog, 'examples/b', { status: 'failed', code: 'build-failed' });
    await appendFile(join(catalog.path, 'examples/a/Dockerfile'), 'RUN true\n');
    const { worked } = await run(catalog, slimmed);
    expect(worked.sort()).toEqual(['examples/a', 'examples/b', 'native/c']);
  });

  test('begins again after its end, with other options, and without its journal', async () => {
    await using catalog = await catalogOf(FILES);
    await breakOff(catalog, 'examples/b');
    const options = { ...PLAIN, redo: true };
    expect((await run(catalog, slimmed, { options })).worked).toHaveLength(ALL.length);
    expect((await run(catalog, slimmed, { options })).worked).toHaveLength(ALL.length);
    await breakOff(catalog, 'examples/b');
    await rm(join(catalog.path, '.kraft-slim'), { recursive: true });
    expect((await run(catalog, slimmed)).worked).toHaveLength(ALL.length);
  });

  test('judges again what took no build, which is as quick', async () => {
    await using catalog = await catalogOf(FILES);
    await breakOff(catalog, 'examples/b', { status: 'unchanged', seconds: emptyResult('').seconds });
    expect((await run(catalog, slimmed)).worked.sort()).toEqual(ALL);
  });
});

test('a second sweep of the same catalog at the same time is refused, and a dry run is not', async () => {
  await using catalog = await catalogOf(FILES);
  const options = { ...PLAIN, dryRun: true };
  await run(catalog, async ({ name }) => {
    if (name !== 'examples/a') return {};
    await expect(run(catalog, slimmed)).rejects.toBeInstanceOf(UserError);
    expect((await run(catalog, slimmed, { options })).worked).toHaveLength(ALL.length);
    return {};
  });
});
