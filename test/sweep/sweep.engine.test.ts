import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Result } from '../../src/slim/result.ts';
import { type Catalog, catalogOf } from '../support/catalog.ts';
import { type CliProcess, runCli, runJson, startCli } from '../support/cli.ts';
import { heldEngine } from '../support/held-engine.ts';
import { holdAt, type Moment } from '../support/hold-cli.ts';
import { schemaFaults } from '../support/schemas.ts';
import { APP } from '../support/small-entry.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { tinyCatalog } from '../support/tiny-catalog.ts';
import { printing, smallEntries } from './many.ts';

/** Sweeps a catalog; the document has to obey its schema. */
async function sweep(catalog: Catalog, ...args: string[]) {
  const { document, exitCode, stderr } = await runJson(['sweep', ...args], { cwd: catalog.path });
  expect(schemaFaults(document)).toEqual([]);
  return { exitCode, stderr, totals: document.totals, results: document.results as Result[] };
}

const codesOf = (results: readonly Result[]) =>
  results.map(({ entry, status, code }) => [entry, status, code]);

describe('an entry of which nothing has changed', () => {
  test('is not built by a single run either, until something changes', async () => {
    await using catalog = await tinyCatalog();
    const run = async (...args: string[]) =>
      (await runJson([APP, ...args], { cwd: catalog.path })).document as unknown as Result;
    const first = await run();
    expect(first.status).toBe('slimmed');
    const again = await run();
    expect(again).toMatchObject({
      status: 'unchanged',
      verified: true,
      written: [],
      before: first.before,
      after: first.after,
    });
    expect(again.seconds.build).toBe(0);
    await catalog.write({ [`${APP}/other`]: 'a new file of the context' });
    const changed = await run();
    expect(changed.status).toBe('unchanged');
    expect(changed.seconds.build).toBeGreaterThan(0);
    expect((await run()).seconds.build).toBe(0);
    expect((await run('--redo')).seconds.build).toBeGreaterThan(0);
  });

  test('that is larger than it may be fails all the same, whether it is built or not', async () => {
    await using catalog = await tinyCatalog();
    await catalog.write({ 'kraft-slim.yaml': 'maxBytes: 1M\n' });
    await catalog.commit();
    const run = () => runJson([APP], { cwd: catalog.path });
    const refused = await run();
    expect(refused.exitCode).toBe(1);
    expect(refused.document).toMatchObject({
      status: 'failed',
      code: 'too-big',
      written: [],
      verified: false,
    });
    expect((refused.document.after as { bytes: number }).bytes).toBeGreaterThan(1e6);
    expect(await catalog.status()).toEqual([]);
    await catalog.write({ 'kraft-slim.yaml': 'maxBytes: 100M\n' });
    expect((await run()).exitCode).toBe(0);
    await catalog.write({ 'kraft-slim.yaml': 'maxBytes: 1M\n' });
    expect((await run()).document).toMatchObject({ status: 'failed', code: 'too-big' });
  });
});

describe('a fault of one entry', () => {
  test('of each kind leaves all others as they would have been', async () => {
    const neverReady = { cmd: ['/bin/sleep', '600'], readme: 'kraft run -p 8080:80 .\ncurl localhost:8080' };
    const files = {
      ...smallEntries({
        good: printing('good'),
        'build-fails': { dockerfile: ['FROM debian:bookworm', 'RUN false'] },
        hangs: { dockerfile: ['FROM debian:bookworm', `RUN echo ${process.pid} ${Date.now()}; sleep 3600`] },
        'memory-full': { cmd: ['/usr/bin/tail', '/dev/zero'] },
        'never-ready': neverReady,
        unreadable: {},
        'z-good': printing('z-good'),
      }),
      'examples/unreadable/Kraftfile': 'spec: [v0.6\n',
      'examples/memory-full/kraft-slim.yaml': 'workload: {limits: {memory: 64Mi}}\n',
      'examples/never-ready/kraft-slim.yaml': 'workload: {limits: {readySeconds: 3}}\n',
    };
    await using catalog = await catalogOf(files);
    const { exitCode, results } = await sweep(catalog, '--entry-timeout', '60');
    expect(exitCode).toBe(1);
    expect(codesOf(results)).toEqual([
      ['examples/build-fails', 'failed', 'build-failed'],
      ['examples/good', 'slimmed', null],
      ['examples/hangs', 'failed', 'timeout'],
      ['examples/memory-full', 'failed', 'workload-failed'],
      ['examples/never-ready', 'failed', 'not-started'],
      ['examples/unreadable', 'failed', 'kraftfile-invalid'],
      ['examples/z-good', 'slimmed', null],
    ]);
    await using alone = await catalogOf(smallEntries({ good: printing('good') }));
    expect((await sweep(alone)).exitCode).toBe(0);
    const name = 'examples/good/Dockerfile';
    expect(await catalog.read(name)).toBe(await alone.read(name));
  });
});

const inBuildOfB = (cli: CliProcess): Moment => ({
  moment: 'the build of examples/b',
  matches: (request) => request === 'POST /build' && /examples\/b: build/.test(cli.said()),
});

describe('a sweep that is killed', () => {
  test('is resumed: what was finished is not done again, and nothing is half written', async () => {
    await using catalog = await tinyCatalog(['examples/a', 'examples/b', 'examples/c']);
    await using engine = await heldEngine();
    const killed = startCli(['sweep', '--jobs', '1'], {
      cwd: catalog.path,
      env: { DOCKER_HOST: engine.host },
    });
    await holdAt(killed, engine, inBuildOfB(killed));
    expect(killed.said()).toContain('[1 of 3');
    killed.kill('SIGKILL');
    await killed.ended;
    expect(await catalog.status()).toEqual([' M examples/a/Dockerfile']);
    const { exitCode, results, stderr } = await sweep(catalog);
    expect(exitCode).toBe(0);
    expect(codesOf(results).map(([, status]) => status)).toEqual(['slimmed', 'slimmed', 'slimmed']);
    expect(stderr).toContain('resuming a sweep of 3 entries');
    expect(stderr).toContain('examples/a: slimmed, before this sweep was interrupted');
    expect(stderr).not.toContain('examples/a: build');
    expect(await catalog.status()).toEqual(['a', 'b', 'c'].map((name) => ` M examples/${name}/Dockerfile`));
    expect((await sweep(catalog)).totals).toMatchObject({ unchanged: 3 });
  });

  test('by Ctrl-C prints what is finished, and ends with 130', async () => {
    await using catalog = await tinyCatalog(['examples/a', 'examples/b']);
    await using engine = await heldEngine();
    const env = { DOCKER_HOST: engine.host };
    const cli = startCli(['sweep', '--jobs', '1', '--json'], { cwd: catalog.path, env });
    const release = await holdAt(cli, engine, inBuildOfB(cli));
    cli.kill('SIGINT');
    release();
    const { exitCode, stdout } = await cli.ended;
    expect(exitCode).toBe(130);
    const document = JSON.parse(stdout);
    expect(schemaFaults(document)).toEqual([]);
    expect(codesOf(document.results)).toEqual([
      ['examples/a', 'slimmed', null],
      ['examples/b', 'failed', 'interrupted'],
    ]);
  });
});

test('without --queue nothing that a queue takes is loaded', async () => {
  await using catalog = await tinyCatalog();
  await using top = await temporaryDirectory();
  await runCli(['sweep', '--dry-run'], { cwd: catalog.path, env: { NODE_V8_COVERAGE: top.path } });
  const urls: string[] = [];
  for (const name of await readdir(top.path)) {
    const { result } = JSON.parse(await readFile(join(top.path, name), 'utf8')) as {
      result: { url: string }[];
    };
    urls.push(...result.map(({ url }) => url));
  }
  expect(urls.some((url) => url.endsWith('/dist/sweep/sweep.js'))).toBe(true);
  expect(urls.filter((url) => /\/(bullmq|ioredis)\/|\/sweep\/queue\//.test(url))).toEqual([]);
});
