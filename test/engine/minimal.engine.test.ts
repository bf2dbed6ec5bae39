import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ImagePath } from '../../src/shared/image-path.ts';
import type { Result } from '../../src/slim/result.ts';
import { type Catalog, fixtureCatalog } from '../support/catalog.ts';
import { startCli } from '../support/cli.ts';
import { fullImage } from '../support/full-image.ts';
import { heldEngine } from '../support/held-engine.ts';
import { holdAt, stepOf } from '../support/hold-cli.ts';
import { runEntry } from '../support/run-entry.ts';
import { drawSome } from '../support/samples.ts';
import { type SlimmedFixtures, SWEEP_MS, slimmedFixtures } from '../support/swept-fixtures.ts';
import { withoutEach } from '../support/without-each.ts';

const GROWN = [
  ['examples/listed-directory', ['/srv/planets'], 7],
  // the hash of "/rare"; that of "/often" is never asked for
  ['examples/hidden-data', ['/var/lib/answers/184208a5b67da936'], 4],
] as const;
const STAT_ONLY = 'examples/stat-only';

let slimmed: SlimmedFixtures;
let catalog: Catalog;
beforeAll(async () => {
  slimmed = await slimmedFixtures([STAT_ONLY, ...GROWN.map(([entry]) => entry)]);
  catalog = await fixtureCatalog();
}, SWEEP_MS);
afterAll(async () => {
  await slimmed.catalog[Symbol.asyncDispose]();
  await catalog[Symbol.asyncDispose]();
});

const codesOf = ({ warnings }: Result) => warnings.map(({ code }) => code);

/** The text of the final stage. */
const finalStageOf = async (of: Catalog, entry: string) => {
  const text = await of.read(`${entry}/Dockerfile`);
  return text.slice(text.lastIndexOf('\nFROM '));
};

describe('what no analysis sees is found by a search, and nothing else comes with it:', () => {
  test.each(GROWN)('%s', async (entry, found, files) => {
    const result = slimmed.resultOf(entry);
    expect(result).toMatchObject({ code: null, status: 'slimmed', verified: true, repaired: false });
    expect(codesOf(result)).toContain('search-grew');
    expect(result.search?.oracleRuns).toBeGreaterThan(0);
    const stage = await finalStageOf(slimmed.catalog, entry);
    for (const path of found) expect(stage).toContain(path);
    expect(result.after?.files).toBe(files);
  });
});

/** What a search may not remove of an entry: what its author put in, and what rules hold (libgcc_s). */
const HELD: Readonly<Record<string, readonly string[]>> = {
  'library/nginx/1.22': [
    '/etc/nginx/nginx.conf',
    '/lib/x86_64-linux-gnu/libgcc_s.so.1',
    '/wwwroot/about.html',
    '/wwwroot/index.html',
  ],
  'library/redis/7.0': ['/etc/redis/redis.conf'],
};

/** Each of them in the soak, else one that is drawn. */
const MINIMAL = drawSome(Object.entries(HELD), { ci: 1, soak: 2 });

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
    const [[entry]] = MINIMAL as [[string, readonly string[]]];
    const before = await answered();
    await using engine = await heldEngine();
    const cli = startCli([entry, '--minimal', '--json'], {
      cwd: catalog.path,
      env: { DOCKER_HOST: engine.host },
    });
    const release = await holdAt(cli, engine, {
      moment: 'a container of the search after four answers',
      matches: async (request) =>
        request === 'POST /containers/create' && stepOf(cli) === 'search' && (await answered()) >= before + 4,
    });
    cli.kill('SIGINT');
    release();
    expect((await cli.ended).exitCode).toBe(130);
    const known = (await answered()) - before;

    const result = await runEntry(catalog, entry, '--minimal');
    results.set(entry, result);
    const all = (await answered()) - before;
    expect(result.search).toMatchObject({ oracleRuns: all - known });
    expect(result.search?.cacheHits).toBeGreaterThanOrEqual(known);
  });

  test.each(MINIMAL.slice(1))('starts from nothing as well: %s', async (entry) => {
    results.set(entry, await runEntry(catalog, entry, '--minimal'));
  });

  describe.each(MINIMAL)('of %s', (entry, held) => {
    test('is a proven minimum', () => {
      const result = results.get(entry);
      expect(result).toMatchObject({ exitCode: 0, status: 'slimmed', verified: true, secondLook: null });
      expect(result?.search).toMatchObject({ minimal: '1-minimal', held: held.length });
    });

    test('fails without any one of its files that is not held', async () => {
      const some = (items: readonly ImagePath[]) => drawSome(items, { ci: 5, soak: items.length });
      const { held: there, tried, survived } = await withoutEach(catalog, entry, { held, some });
      expect(tried).toBeGreaterThanOrEqual(5);
      expect(there).toEqual(held);
      expect(survived).toEqual([]);
    });

    test('is unchanged the next time', async () => {
      const again = await runEntry(catalog, entry, '--minimal');
      expect(again).toMatchObject({ status: 'unchanged', verified: true, written: [] });
    });
  });
});

test('--search-only finds a proven minimum within its runs, and the coin flip keeps more with as many', async () => {
  const run = async (runs: number, ...strategy: string[]) => {
    const args = ['--dry-run', '--redo', '--max-runs', String(runs)];
    const result = await runEntry(catalog, 'examples/lua5.4-arg', ...strategy, ...args);
    expect(result).toMatchObject({ exitCode: 0, status: 'slimmed', verified: true });
    // and what makes sure of the oracle
    expect(result.search?.oracleRuns).toBeLessThanOrEqual(runs + 3);
    return result;
  };
  const searched = await run(40, '--search-only');
  expect(searched.search?.minimal).toBe('1-minimal');
  expect(searched.before?.files).toBeGreaterThan(200);
  expect(searched.after?.files).toBe(7);
  const flipped = await run(searched.search?.oracleRuns ?? 0, '--strategy', 'coin-flip');
  expect(flipped.search?.minimal).toBe('budget');
  expect(flipped.after?.files).toBeGreaterThan(7);
});

test('--placeholders puts an empty file where the app only looks a file up', async () => {
  const result = await runEntry(catalog, STAT_ONLY, '--placeholders');
  expect(result).toMatchObject({ exitCode: 0, status: 'slimmed', verified: true });
  expect(await finalStageOf(catalog, STAT_ONLY)).toMatch(
    /\n# Placeholders\nCOPY --from=rootfs \/\S+ \/etc\/lamp\/lit\n/,
  );
  const whole = await fullSizeOfLit();
  expect(whole).toBeGreaterThan(500_000);
  const kept = slimmed.resultOf(STAT_ONLY);
  expect(kept).toMatchObject({ status: 'slimmed', verified: true });
  expect((kept.after?.bytes ?? 0) - (result.after?.bytes ?? 0)).toBe(whole);
});

async function fullSizeOfLit(): Promise<number> {
  await using image = await fullImage(catalog, STAT_ONLY, 'rootfs');
  return Number(await image.run(['stat', '-c', '%s', '/etc/lamp/lit']));
}
