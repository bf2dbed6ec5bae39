import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Catalog, catalogOf, fixtureCatalog } from '../support/catalog.ts';
import { type CliProcess, runCli, startCli } from '../support/cli.ts';
import { ownedBy } from '../support/docker.ts';
import { schemaFaults } from '../support/schemas.ts';
import { APP, smallEntry } from '../support/small-entry.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../support/temporary-directory.ts';

const SERVER = 'examples/httpserver-gcc12';

/** A run has to end in this time after Ctrl-C; what it was waiting for takes much longer. */
const PATIENCE_MS = 20_000;

let temporary: TemporaryDirectory;
beforeAll(async () => {
  temporary = await temporaryDirectory();
});
afterAll(() => temporary[Symbol.asyncDispose]());

const start = (catalog: Catalog, ...args: string[]) =>
  startCli(args, { cwd: catalog.path, env: { TMPDIR: temporary.path } });

/** Waits until the command is at a step, and a moment longer. */
async function reach(cli: CliProcess, step: string, laterMs: number): Promise<void> {
  await cli.says(new RegExp(`: ${step}: `));
  await sleep(laterMs);
}

/** Interrupts a run, and insists that nothing of it is left anywhere. */
async function expectInterrupted(catalog: Catalog, cli: CliProcess, signal: NodeJS.Signals): Promise<void> {
  const begun = performance.now();
  cli.kill(signal);
  const { exitCode, stdout, stderr } = await cli.ended;
  expect(exitCode, `${stdout}\n${stderr}`).toBe(130);
  expect(performance.now() - begun).toBeLessThan(PATIENCE_MS);
  const document = JSON.parse(stdout);
  expect(schemaFaults(document)).toEqual([]);
  expect(document).toMatchObject({ status: 'failed', code: 'interrupted', written: [] });
  expect(await ownedBy(cli.pid)).toEqual([]);
  expect(await spools()).toEqual([]);
  expect(await catalog.status()).toEqual([]);
}

/** Root file systems that a run keeps on the host while it is at work. */
async function spools(): Promise<string[]> {
  return (await readdir(temporary.path, { recursive: true })).filter((name) => name.endsWith('.tar'));
}

describe('Ctrl-C ends a run with 130, and leaves nothing in the engine and the entry as it was', () => {
  let original: Catalog;
  let slimmed: Catalog;
  beforeAll(async () => {
    original = await fixtureCatalog();
    slimmed = await fixtureCatalog();
    expect((await runCli([SERVER], { cwd: slimmed.path })).exitCode).toBe(0);
    // with its state at hand nothing would be built
    await rm(join(slimmed.path, '.kraft-slim'), { recursive: true });
    await slimmed.commit();
  });
  afterAll(async () => {
    await original[Symbol.asyncDispose]();
    await slimmed[Symbol.asyncDispose]();
  });

  describe.each(['build', 'static', 'baseline', 'trace', 'verify'])('in the step %s', (step) => {
    test.each([0, 250])('%i ms after it has begun', async (laterMs) => {
      const cli = start(original, SERVER, '--json');
      await reach(cli, step, laterMs);
      await expectInterrupted(original, cli, 'SIGINT');
    });
  });

  test.each(['build', 'baseline', 'verify'])('in the step %s of a second run', async (step) => {
    const cli = start(slimmed, SERVER, '--json');
    await reach(cli, step, 0);
    await expectInterrupted(slimmed, cli, 'SIGINT');
  });

  test('in the middle of a long RUN, without waiting for its end', async () => {
    const dockerfile = ['FROM debian:bookworm', `RUN echo ${process.pid}; sleep 600`];
    await using catalog = await catalogOf(smallEntry({ dockerfile }));
    const cli = start(catalog, APP, '--json');
    await reach(cli, 'build', 2000);
    await expectInterrupted(catalog, cli, 'SIGINT');
  });

  test('while it waits for an app that never serves', async () => {
    const readme = 'kraft run -p 8080:80 .\ncurl localhost:8080';
    await using catalog = await catalogOf(smallEntry({ cmd: ['/bin/sleep', '600'], readme }));
    const cli = start(catalog, APP, '--json');
    await reach(cli, 'baseline', 1500);
    await expectInterrupted(catalog, cli, 'SIGINT');
  });

  test('while it waits for a program that does not end', async () => {
    await using catalog = await catalogOf(smallEntry({ cmd: ['/bin/sleep', '600'] }));
    const cli = start(catalog, APP, '--json');
    await reach(cli, 'baseline', 1500);
    await expectInterrupted(catalog, cli, 'SIGINT');
  });

  test('by SIGTERM as by SIGINT', async () => {
    const cli = start(original, SERVER, '--json');
    await reach(cli, 'baseline', 300);
    await expectInterrupted(original, cli, 'SIGTERM');
  });
});

test('an interrupted run over several entries prints what is finished', async () => {
  await using catalog = await fixtureCatalog();
  const cli = start(catalog, 'native/helloworld-c', SERVER, 'examples/helloworld-gcc12', '--json');
  await reach(cli, 'baseline', 0);
  cli.kill('SIGINT');
  const { exitCode, stdout } = await cli.ended;
  const document = JSON.parse(stdout);
  expect(schemaFaults(document)).toEqual([]);
  expect(exitCode).toBe(130);
  expect(
    document.results.map(({ status, code }: { status: string; code: string }) => [status, code]),
  ).toEqual([
    ['skipped', 'no-dockerfile'],
    ['failed', 'interrupted'],
  ]);
});

test('what a killed run has left, in the engine and on the host, is removed by the next run', async () => {
  const NEXT = 'examples/next';
  const next = Object.entries(smallEntry()).map(([name, text]) => [name.replace(APP, NEXT), text]);
  const files = { ...smallEntry({ cmd: ['/bin/sleep', '600'] }), ...Object.fromEntries(next) };
  await using catalog = await catalogOf(files);
  const cli = start(catalog, APP);
  await reach(cli, 'baseline', 1000);
  cli.kill('SIGKILL');
  await cli.ended;
  const kinds = new Set((await ownedBy(cli.pid)).map(({ kind }) => kind));
  expect(kinds).toEqual(new Set(['container', 'image']));
  expect(await spools()).not.toEqual([]);
  expect(await catalog.status()).toEqual([]);

  const { exitCode } = await start(catalog, NEXT).ended;
  expect(exitCode).toBe(0);
  expect(await ownedBy(cli.pid)).toEqual([]);
  expect(await spools()).toEqual([]);
  expect(await catalog.status()).toEqual([` M ${NEXT}/Dockerfile`]);
});
