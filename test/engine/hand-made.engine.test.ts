import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Result } from '../../src/slim/result.ts';
import { type Catalog, fixtureCatalog } from '../support/catalog.ts';
import { runJson } from '../support/cli.ts';
import { runEntry } from '../support/run-entry.ts';

/** Entries whose final stage is from scratch, made by hand. */
const BOILERPLATE = 'examples/memcached1.6-boilerplate';
const NGINX = 'examples/nginx1.22-hand';
const REDIS = 'library/redis/7.0-hand';
const ENTRIES = [
  REDIS,
  'library/python/3.11-hand',
  'examples/lua5.4-arg',
  'examples/sqlite3.40-renamed',
  BOILERPLATE,
  NGINX,
];

// the tests of this file follow one catalog, in their order
let catalog: Catalog;
let originals: Map<string, string>;
let results: Map<string, Result>;
beforeAll(async () => {
  // what a wider promise holds, and which lines it takes, is for the suites of promises
  catalog = await fixtureCatalog({ 'kraft-slim.yaml': 'promise: workload\n' });
  originals = await dockerfiles();
  results = await runAll(ENTRIES);
});
afterAll(() => catalog[Symbol.asyncDispose]());

async function runAll(entries: readonly string[]): Promise<Map<string, Result>> {
  const { document } = await runJson(entries, { cwd: catalog.path });
  const found = (document as unknown as { results: readonly Result[] }).results;
  return new Map(found.map((result) => [result.entry, result]));
}

async function dockerfiles(): Promise<Map<string, string>> {
  const texts = ENTRIES.map(async (entry) => [entry, await catalog.read(`${entry}/Dockerfile`)] as const);
  return new Map(await Promise.all(texts));
}

const aboveOf = (text: string) => text.slice(0, text.search(/^FROM scratch$/m));

describe.each(ENTRIES)('%s', (entry) => {
  test('is slimmed, verified and smaller', () => {
    const { status, verified, before, after, written, reason } = results.get(entry) as Result;
    expect({ status, verified, reason, written }).toEqual({
      status: 'slimmed',
      verified: true,
      reason: null,
      written: ['Dockerfile'],
    });
    expect(after?.files).toBeLessThan(before?.files ?? 0);
    expect(after?.bytes).toBeLessThan(before?.bytes ?? 0);
  });

  test('is as it was above the final stage, less the stages that nothing uses any more', async () => {
    const original = aboveOf(originals.get(entry) ?? '');
    const kept =
      entry === BOILERPLATE ? original.slice(0, original.indexOf('FROM debian:bookworm AS sys')) : original;
    const text = await catalog.read(`${entry}/Dockerfile`);
    expect(text.startsWith(`${kept}# kraft-slim: v=1 before=- `)).toBe(true);
    expect(text.match(/^FROM /gm)).toHaveLength(2);
  });

  test('has no line of its final stage but the author’s, where nothing had to be cut', async () => {
    const stage = (text: string) => text.slice(text.search(/^FROM scratch$/m)).split('\n');
    const lines = new Set(stage(originals.get(entry) ?? ''));
    const added = stage(await catalog.read(`${entry}/Dockerfile`)).filter((line) => !lines.has(line));
    expect(added.filter((line) => !ADDED.test(line))).toEqual([]);
  });
});

/** Lines for what is needed of a directory, and for an empty directory that came with others. */
const ADDED =
  /^COPY --from=build (\\$|\S+ \S+$)|^ {4}\S+( \\)?$|^# Directories that have to exist$|^WORKDIR \/(run)?$/;

test('what was named by a variable, and what was renamed, is still', async () => {
  expect(await catalog.read('examples/lua5.4-arg/Dockerfile')).toContain(
    'COPY --from=build $LIBDIR/libreadline.so.8 $LIBDIR/libtinfo.so.6 $LIBDIR/\n',
  );
  expect(await catalog.read('examples/sqlite3.40-renamed/Dockerfile')).toContain(
    'COPY --from=build /usr/bin/sqlite3 /usr/local/bin/sql\n',
  );
  const nginx = await catalog.read(`${NGINX}/Dockerfile`);
  for (const line of [
    '# syntax=docker/dockerfile:1',
    'FROM debian:bookworm as build',
    'COPY ./wwwroot /wwwroot',
  ]) {
    expect(nginx.split('\n')).toContain(line);
  }
});

test('a second run finds all unchanged, and touches nothing', async () => {
  await catalog.commit();
  const stamps = await Promise.all(ENTRIES.map((entry) => catalog.stamp(`${entry}/Dockerfile`)));
  const again = await runAll(ENTRIES);
  for (const entry of ENTRIES) {
    const { status, verified, written, reason } = again.get(entry) as Result;
    expect({ entry, status, verified, written, reason }).toEqual({
      entry,
      status: 'unchanged',
      verified: true,
      written: [],
      reason: null,
    });
  }
  expect(await catalog.status()).toEqual([]);
  expect(await Promise.all(ENTRIES.map((entry) => catalog.stamp(`${entry}/Dockerfile`)))).toEqual(stamps);
});

test('so does a run without state', async () => {
  await rm(join(catalog.path, '.kraft-slim'), { recursive: true });
  expect(await runEntry(catalog, REDIS)).toMatchObject({ status: 'unchanged', verified: true, written: [] });
  expect(await catalog.status()).toEqual([]);
});

test('analysed again, the same bytes come out', async () => {
  expect(await runEntry(catalog, NGINX, '--redo')).toMatchObject({ status: 'unchanged', written: [] });
  expect(await catalog.status()).toEqual([]);
});

test('verify rebuilds what is on disk, and knows no size before', async () => {
  const { document, exitCode } = await runJson(['verify', NGINX], { cwd: catalog.path });
  expect({ exitCode, ...document }).toMatchObject({
    exitCode: 0,
    status: 'unchanged',
    verified: true,
    before: null,
    after: results.get(NGINX)?.after,
  });
});

test('a needed file that the user drops is missed, though nothing else has changed', async () => {
  await catalog.write({ [`${BOILERPLATE}/kraft-slim.yaml`]: "drop: ['/etc/passwd']\n" });
  expect(await runEntry(catalog, BOILERPLATE)).toMatchObject({
    exitCode: 1,
    status: 'failed',
    code: 'verify-failed',
    verified: false,
  });
});
