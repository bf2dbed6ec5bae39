import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readMarker } from '../../src/dockerfile/marker.ts';
import type { Result } from '../../src/slim/result.ts';
import { type Catalog, fixtureCatalog } from '../support/catalog.ts';
import { type CliResult, runJson } from '../support/cli.ts';
import { fullImage } from '../support/full-image.ts';
import { drawSome } from '../support/samples.ts';
import { schemaFaults } from '../support/schemas.ts';
import { SWEEP_MS, slimmedFixtures } from '../support/swept-fixtures.ts';

const NGINX = 'library/nginx/1.22';
const REDIS = 'library/redis/7.0';
const SERVER = 'examples/httpserver-gcc12';
const HELLO = 'examples/helloworld-gcc12';
const ENTRIES = [NGINX, REDIS, SERVER, HELLO];
const NATIVE = 'native/helloworld-c';

type Run = CliResult & { readonly result: Result };

async function run(catalog: Catalog, ...args: string[]): Promise<Run> {
  const { document, ...rest } = await runJson(args, { cwd: catalog.path });
  expect(schemaFaults(document)).toEqual([]);
  return { ...rest, result: document as unknown as Result };
}

// the tests of this block follow one catalog through its first runs, in their order
describe('an entry that is slimmed, and slimmed again', () => {
  let catalog: Catalog;
  let alone: Run;
  let resultOf: (entry: string) => Result;

  beforeAll(async () => {
    const swept = ENTRIES.filter((entry) => entry !== HELLO);
    const slimmed = await slimmedFixtures(swept);
    catalog = slimmed.catalog;
    alone = await run(catalog, HELLO);
    resultOf = (entry) => (entry === HELLO ? alone.result : slimmed.resultOf(entry));
  }, SWEEP_MS);
  afterAll(() => catalog[Symbol.asyncDispose]());

  test('a run of one entry that slims it exits with 0', () => {
    expect(alone.exitCode).toBe(0);
  });

  test.each(ENTRIES)('%s is slimmed, verified and written', (entry) => {
    const { status, verified, written, workload } = resultOf(entry);
    expect({ entry: resultOf(entry).entry, status, verified, written }).toEqual({
      entry,
      status: 'slimmed',
      verified: true,
      written: ['Dockerfile'],
    });
    expect(workload?.probes.length).toBeGreaterThan(0);
    expect(workload?.probes.every(({ passed }) => passed)).toBe(true);
  });

  test('nginx goes from over 100 MB to under 12 MB', () => {
    const { before, after } = resultOf(NGINX);
    expect(before?.bytes).toBeGreaterThan(100e6);
    expect(after?.bytes).toBeLessThan(12e6);
  });

  test('the page that no probe asks for is kept like the page that a probe asks for', async () => {
    const text = await catalog.read(`${NGINX}/Dockerfile`);
    expect(stageOf(text)).toContain('COPY --from=build /wwwroot /wwwroot\n');
  });

  test('redis ends at what ldd gives for redis-server, its config, and the databases that it can read', async () => {
    const closure = await lddClosure(catalog);
    const config = Buffer.byteLength(await catalog.read(`${REDIS}/redis.conf`));
    expect(closure).toBeGreaterThan(10e6);
    // users, services, time zones and certificates are about a megabyte
    expect(resultOf(REDIS).after?.bytes).toBeLessThanOrEqual(closure + config + 1.5e6);
  });

  test('nothing but the Dockerfiles is changed in the work tree', async () => {
    expect(await catalog.status()).toEqual(ENTRIES.map((entry) => ` M ${entry}/Dockerfile`).sort());
  });

  test.each(ENTRIES)('a second run of %s says unchanged and touches nothing', async (entry) => {
    await expectUntouched(catalog, entry);
  });

  test.each(drawSome(ENTRIES, { ci: 2, soak: ENTRIES.length }))(
    'so does a run of %s with the state deleted',
    async (entry) => {
      await rm(join(catalog.path, '.kraft-slim'), { recursive: true, force: true });
      await expectUntouched(catalog, entry);
    },
  );

  test('verify says unchanged, with the same sizes', async () => {
    const { exitCode, result } = await run(catalog, 'verify', NGINX);
    const { before, after, memory } = resultOf(NGINX);
    expect(exitCode).toBe(0);
    expect(result).toMatchObject({ status: 'unchanged', verified: true, written: [], before, after, memory });
  });

  test('a page that is edited in the context stays unchanged for the tool', async () => {
    await catalog.write({ [`${NGINX}/wwwroot/about.html`]: '<p>Another text</p>\n' });
    expect((await run(catalog, NGINX)).result.status).toBe('unchanged');
  });

  test('a page that is added to the context arrives by the line of its directory', async () => {
    await catalog.write({ [`${NGINX}/wwwroot/third.html`]: '<p>A third page</p>\n' });
    const { result: verified } = await run(catalog, 'verify', NGINX);
    expect(verified).toMatchObject({ status: 'unchanged', verified: true });
    expect(verified.warnings.map(({ code }) => code)).not.toContain('context-file-missing');
    expect(verified.after?.files).toBe((resultOf(NGINX).after?.files ?? 0) + 1);
    const { result } = await run(catalog, NGINX);
    expect(result).toMatchObject({ reason: null, status: 'unchanged', verified: true, written: [] });
  });
});

describe('other documents', () => {
  test('an entry without a Dockerfile is skipped, with the reason', async () => {
    await using catalog = await fixtureCatalog();
    const { exitCode, result } = await run(catalog, NATIVE);
    expect(exitCode).toBe(0);
    expect(result).toMatchObject({
      entry: NATIVE,
      class: 'native',
      status: 'skipped',
      code: 'no-dockerfile',
    });
    expect(result.reason).toBe('the Kraftfile names no rootfs');
  });

  test('several entries give one sweep document whose totals add up', async () => {
    await using catalog = await fixtureCatalog();
    const entries = [HELLO, NATIVE, SERVER];
    const { exitCode, document } = await runJson(entries, { cwd: catalog.path });
    expect(schemaFaults(document)).toEqual([]);
    expect(exitCode).toBe(0);
    const results = document.results as Result[];
    expect(results.map(({ entry, status }) => [entry, status])).toEqual([
      [entries[0], 'slimmed'],
      [entries[1], 'skipped'],
      [entries[2], 'slimmed'],
    ]);
    const [hello, , server] = results;
    expect(document.totals).toMatchObject({
      slimmed: 2,
      unchanged: 0,
      skipped: 1,
      failed: 0,
      beforeBytes: (hello?.before?.bytes ?? 0) + (server?.before?.bytes ?? 0),
      afterBytes: (hello?.after?.bytes ?? 0) + (server?.after?.bytes ?? 0),
    });
  });

  test('one that fails among several makes the whole run end with 1, and the others are done', async () => {
    await using catalog = await fixtureCatalog({
      'examples/broken/Kraftfile': 'spec: v0.6\nrootfs: ./Dockerfile\n',
    });
    const entries = ['examples/broken', HELLO];
    const { exitCode, document } = await runJson(entries, { cwd: catalog.path });
    expect(schemaFaults(document)).toEqual([]);
    expect(exitCode).toBe(1);
    const results = document.results as Result[];
    expect(results.map(({ status, code }) => [status, code])).toEqual([
      ['failed', 'rootfs-missing'],
      ['slimmed', null],
    ]);
  });

  test('with --ask-stages the oracle accepts the files of the traced stage', async () => {
    await using catalog = await fixtureCatalog();
    const { result } = await run(catalog, HELLO, '--ask-stages');
    expect(result.stages.map(({ name, passed }) => [name, passed])).toEqual([
      ['static', true],
      ['dynamic', true],
      ['search', null],
    ]);
  });
});

async function expectUntouched(catalog: Catalog, entry: string): Promise<void> {
  const files = [`${entry}/Dockerfile`, `${entry}/Kraftfile`];
  const stamps = () => Promise.all(files.map((file) => catalog.stamp(file)));
  const before = await stamps();
  const { exitCode, result } = await run(catalog, entry);
  expect(exitCode).toBe(0);
  expect(result).toMatchObject({ status: 'unchanged', verified: true, written: [], removed: [] });
  // it was not analysed again, only to the same end
  expect(result.stages.map(({ files }) => files)).toEqual([null, null, null]);
  expect(await stamps()).toEqual(before);
}

/** The generated part of a Dockerfile. */
function stageOf(text: string): string {
  const marker = readMarker(text);
  return text.slice(marker?.stageRange.start ?? text.length);
}

/** Bytes of redis-server, of the loader and of all libraries that ldd names, in the full root file system. */
async function lddClosure(catalog: Catalog): Promise<number> {
  await using image = await fullImage(catalog, REDIS, 'build');
  const script = `
    program=$(command -v redis-server)
    libraries=$(ldd "$program" | grep -o '/[^ ]*')
    for file in "$program" $libraries; do readlink -f "$file"; done | sort -u | xargs stat -c %s`;
  const sizes = await image.run(['sh', '-ec', script]);
  return sizes.split('\n').reduce((sum, size) => sum + Number(size), 0);
}
