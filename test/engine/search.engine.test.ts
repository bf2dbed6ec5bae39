import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Result } from '../../src/slim/result.ts';
import { type Catalog, fixtureCatalog } from '../support/catalog.ts';
import { startCli } from '../support/cli.ts';
import { runEntry } from '../support/run-entry.ts';
import { withoutEach } from '../support/without-each.ts';

let catalog: Catalog;
beforeAll(async () => {
  catalog = await fixtureCatalog();
});
afterAll(() => catalog[Symbol.asyncDispose]());

const codesOf = ({ warnings }: Result) => warnings.map(({ code }) => code);

/** The text of the final stage. */
const finalStageOf = async (entry: string) => {
  const text = await catalog.read(`${entry}/Dockerfile`);
  return text.slice(text.lastIndexOf('\nFROM '));
};

describe('an entry that upstream has left behind is mended', () => {
  test.each([
    ['examples/drifted-soname', 'libgreeting.so.1', 'libgreeting.so.2', 4],
    ['examples/drifted-data', 'neptune.txt', '/usr/share/moons/mars.txt', 4],
  ])('%s: without %s, and with %s', async (entry, dead, brought, files) => {
    const above = (await catalog.read(`${entry}/Dockerfile`)).split('FROM scratch')[0];
    const mended = await runEntry(catalog, entry);
    expect(mended).toMatchObject({
      exitCode: 0,
      status: 'slimmed',
      verified: true,
      repaired: true,
      before: null,
    });
    expect(codesOf(mended)).toContain('drifted');
    const stage = await finalStageOf(entry);
    expect(stage).not.toContain(dead);
    expect(stage).toContain(brought);
    expect(mended.after?.files).toBe(files);
    const text = await catalog.read(`${entry}/Dockerfile`);
    expect(text.slice(0, above?.length)).toBe(above);

    const again = await runEntry(catalog, entry);
    expect(again).toMatchObject({ exitCode: 0, status: 'unchanged', verified: true, written: [] });
    expect(await catalog.read(`${entry}/Dockerfile`)).toBe(text);
  });
});

describe('what the analyses see is kept without a search:', () => {
  test.each([
    ['examples/plugin-env', '/usr/lib/greeter/french.so', '/usr/lib/greeter/english.so'],
    ['examples/stat-only', '/etc/lamp/lit', '/etc/passwd'],
  ])('%s keeps %s and not %s', async (entry, kept, dropped) => {
    const result = await runEntry(catalog, entry);
    expect(result).toMatchObject({ status: 'slimmed', verified: true, repaired: false });
    expect(result.search?.oracleRuns).toBe(0);
    const stage = await finalStageOf(entry);
    expect(stage).toContain(kept);
    expect(stage).not.toContain(dropped);
  });
});

describe('what no analysis sees is found by a search, and nothing else comes with it:', () => {
  const PLANETS = ['earth', 'mars', 'mercury', 'venus'].map((name) => `/srv/planets/${name}`);
  test.each([
    ['examples/listed-directory', PLANETS, 7],
    // the hash of "/rare"; that of "/often" is never asked for
    ['examples/hidden-data', ['/var/lib/answers/184208a5b67da936'], 4],
  ])('%s', async (entry, found, files) => {
    const result = await runEntry(catalog, entry);
    expect(result).toMatchObject({ exitCode: 0, status: 'slimmed', verified: true, repaired: false });
    expect(codesOf(result)).toContain('search-grew');
    expect(result.search?.oracleRuns).toBeGreaterThan(0);
    const stage = await finalStageOf(entry);
    for (const path of found) expect(stage).toContain(path);
    expect(result.after?.files).toBe(files);
  });
});

/** What a search may not remove of an entry: what its author put in, and what rules hold. */
const HELD: Readonly<Record<string, readonly string[]>> = {
  'library/nginx/1.22': ['/etc/nginx/nginx.conf', '/wwwroot/about.html', '/wwwroot/index.html'],
  'library/redis/7.0': ['/etc/redis/redis.conf'],
};

// the tests of this block follow one another
describe('--minimal', () => {
  const results = new Map<string, Result>();

  /** Lines of the memory of what was asked. */
  const answered = async () => {
    const directory = join(catalog.path, '.kraft-slim/oracle');
    const names = await readdir(directory).catch(() => []);
    const texts = await Promise.all(names.map((name) => readFile(join(directory, name), 'utf8')));
    return texts.join('').split('\n').length - 1;
  };

  test('goes on where an interrupted run has stopped', async () => {
    const [entry] = Object.keys(HELD) as [string];
    const before = await answered();
    const cli = startCli([entry, '--minimal', '--json'], { cwd: catalog.path });
    await cli.says(/: search: /);
    while ((await answered()) < before + 4) await sleep(20);
    cli.kill('SIGINT');
    expect((await cli.ended).exitCode).toBe(130);
    const known = (await answered()) - before;

    const result = await runEntry(catalog, entry, '--minimal');
    results.set(entry, result);
    const all = (await answered()) - before;
    expect(result.search).toMatchObject({ oracleRuns: all - known });
    expect(result.search?.cacheHits).toBeGreaterThanOrEqual(known);
  });

  test('starts from nothing as well', async () => {
    const [, entry] = Object.keys(HELD) as [string, string];
    results.set(entry, await runEntry(catalog, entry, '--minimal'));
  });

  describe.each(Object.entries(HELD))('of %s', (entry, held) => {
    test('is a proven minimum', () => {
      const result = results.get(entry);
      expect(result).toMatchObject({ exitCode: 0, status: 'slimmed', verified: true });
      expect(result?.search).toMatchObject({ minimal: '1-minimal', held: held.length });
    });

    test('fails without any one of its files that is not held', async () => {
      const { held: there, survived } = await withoutEach(catalog, entry, held);
      expect(there).toEqual(held);
      expect(survived).toEqual([]);
    });

    test('is unchanged the next time', async () => {
      const again = await runEntry(catalog, entry, '--minimal');
      expect(again).toMatchObject({ status: 'unchanged', verified: true, written: [] });
    });
  });
});

test('--search-only ends verified within its runs, and the coin flip keeps more with as many', async () => {
  const ENTRY = 'examples/helloworld-musl';
  const runs = 16;
  const args = ['--redo', '--max-runs', String(runs)];
  const searched = await runEntry(catalog, ENTRY, '--search-only', ...args);
  expect(searched).toMatchObject({ exitCode: 0, status: 'slimmed', verified: true });
  expect(searched.search?.oracleRuns).toBeLessThanOrEqual(runs + 3);
  const flipped = await runEntry(catalog, ENTRY, '--strategy', 'coin-flip', ...args);
  expect(flipped).toMatchObject({ exitCode: 0, verified: true });
  expect(flipped.after?.files).toBeGreaterThan(searched.after?.files ?? 0);
});
