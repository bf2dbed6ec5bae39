import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Result } from '../../../src/slim/result.ts';
import { type Catalog, catalogOf } from '../../support/catalog.ts';
import { type CliProcess, startCli } from '../../support/cli.ts';
import { startRedis } from '../../support/redis.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../../support/temporary-directory.ts';
import { printing, smallEntries } from '../many.ts';

/** A worker as a separate process; disposing of it ends it. */
function startWorker(url: string, { path: cwd }: TemporaryDirectory): CliProcess & AsyncDisposable {
  const worker = startCli(['worker', '--queue', url, '--concurrency', '1'], { cwd });
  return {
    ...worker,
    async [Symbol.asyncDispose]() {
      worker.kill('SIGTERM');
      await worker.ended;
    },
  };
}

/** Asserts that every entry was slimmed and reported once, and that nothing else was written. */
async function expectComplete(catalog: Catalog, { stdout, events }: { stdout: string; events: string }) {
  const { results } = JSON.parse(stdout) as { results: Result[] };
  const names = results.map(({ entry }) => entry);
  expect(results.map(({ entry, status, reason }) => [entry, status, reason])).toEqual(
    names.map((name) => [name, 'slimmed', null]),
  );
  expect(await catalog.status()).toEqual(names.map((name) => ` M ${name}/Dockerfile`));
  const lines = (await readFile(events, 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(
    lines
      .filter(({ type }) => type === 'entry-finished')
      .map(({ entry }) => entry)
      .sort(),
  ).toEqual(names);
}

test('a worker that is killed in the middle of an entry is stood in for by the other, and nothing is done twice', async () => {
  await using redis = await startRedis();
  await using top = await temporaryDirectory();
  await using catalog = await catalogOf(
    smallEntries({ 'a-slow': printing('slow', 4), b: printing('b'), c: printing('c') }),
  );
  const events = join(top.path, 'events.ndjson');
  const sweep = startCli(['sweep', '--queue', redis.url, '--json', '--events', events], {
    cwd: catalog.path,
  });
  const killed = startCli(['worker', '--queue', redis.url, '--concurrency', '1'], { cwd: top.path });
  await killed.says(/: build: /);
  killed.kill('SIGKILL');
  await killed.ended;
  await using _ = startWorker(redis.url, top);
  const { exitCode, stdout } = await sweep.ended;
  expect(exitCode).toBe(0);
  await expectComplete(catalog, { stdout, events });
});

test('a sweeper that is killed goes on, and a Redis that is killed and comes back empty is asked again', async () => {
  await using redis = await startRedis();
  await using top = await temporaryDirectory();
  await using catalog = await catalogOf(
    smallEntries({ a: printing('a'), b: printing('b', 3), c: printing('c', 3) }),
  );
  await using _ = startWorker(redis.url, top);
  const args = ['sweep', '--queue', redis.url, '--json'];
  const killed = startCli(args, { cwd: catalog.path });
  await killed.says(/\[1 of 3/);
  killed.kill('SIGKILL');
  await killed.ended;
  const events = join(top.path, 'events.ndjson');
  const sweep = startCli([...args, '--events', events], { cwd: catalog.path });
  await sweep.says(/resuming a sweep of 3 entries/);
  await sweep.says(/examples\/[bc]: (build|baseline|trace|verify): /);
  await redis.restart();
  const { exitCode, stdout, stderr } = await sweep.ended;
  expect(stderr).toContain('before this sweep was interrupted');
  expect(stderr).toMatch(/the queue has lost examples\/[bc]: sending it again/);
  expect(exitCode).toBe(0);
  await expectComplete(catalog, { stdout, events });
});
