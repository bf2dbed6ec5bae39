import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Catalog, catalogOf, fixtureCatalog } from '../support/catalog.ts';
import { type CliProcess, startCli } from '../support/cli.ts';
import { ownedBy } from '../support/docker.ts';
import { type HeldEngine, heldEngine } from '../support/held-engine.ts';
import { appRuns, holdIn, neverAt } from '../support/hold-cli.ts';
import { type LocalServer, localServer } from '../support/local-server.ts';
import { drawSome } from '../support/samples.ts';
import { schemaFaults } from '../support/schemas.ts';
import { APP, smallEntry } from '../support/small-entry.ts';
import { SWEEP_MS, slimmedFixtures } from '../support/swept-fixtures.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../support/temporary-directory.ts';

const SERVER = 'examples/httpserver-gcc12';

/** A run has to end in this time after Ctrl-C; what it was waiting for takes much longer. */
const PATIENCE_MS = 20_000;

/** The places of requests in a step: the session, the build and the look at its image; files, networks, apps. */
const ALL_MOMENTS = (
  [
    ['build', [1, 2, 4]],
    ['static', [1]],
    ['baseline', [1, 6]],
    ['trace', [1, 7]],
    ['verify', [1, 2, 8]],
  ] as const
).flatMap(([step, places]) => places.map((nth) => [step, nth] as const));
/** Each of them in the soak, else some that are drawn. */
const MOMENTS = drawSome(ALL_MOMENTS, { ci: 7, soak: ALL_MOMENTS.length });

let temporary: TemporaryDirectory;
beforeAll(async () => {
  temporary = await temporaryDirectory();
});
afterAll(() => temporary[Symbol.asyncDispose]());

let engine: HeldEngine;
beforeEach(async () => {
  engine = await heldEngine();
});
afterEach(() => engine[Symbol.asyncDispose]());

const start = (catalog: Catalog, ...args: string[]) =>
  startCli(args, { cwd: catalog.path, env: { TMPDIR: temporary.path, DOCKER_HOST: engine.host } });

/** Interrupts a run, lets what is held go on, and requires that nothing of the run is left anywhere. */
async function expectInterrupted(
  catalog: Catalog,
  cli: CliProcess,
  { signal = 'SIGINT', release = () => undefined }: { signal?: NodeJS.Signals; release?: () => void } = {},
): Promise<void> {
  const begun = performance.now();
  cli.kill(signal);
  release();
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
    const fixtures = await slimmedFixtures([SERVER]);
    slimmed = fixtures.catalog;
    expect(fixtures.resultOf(SERVER).status).toBe('slimmed');
    // with its state at hand nothing would be built
    await rm(join(slimmed.path, '.kraft-slim'), { recursive: true });
    await slimmed.commit();
  }, SWEEP_MS);
  afterAll(async () => {
    await original[Symbol.asyncDispose]();
    await slimmed[Symbol.asyncDispose]();
  });

  test.each(MOMENTS)('in the step %s, at its request %i to the engine', async (step, nth) => {
    const cli = start(original, SERVER, '--json');
    const release = await holdIn(cli, engine, { step, nth });
    await expectInterrupted(original, cli, { release });
  });

  test.each(['build', 'baseline', 'verify'])('in the step %s of a second run', async (step) => {
    const cli = start(slimmed, SERVER, '--json');
    const release = await holdIn(cli, engine, { step, nth: 1 });
    await expectInterrupted(slimmed, cli, { release });
  });

  test('in the middle of a long RUN, without waiting for its end', async () => {
    // the RUN says that it runs by what it asks for, and waits for an answer that never comes
    await using server = await neverAnswering();
    const run = `RUN : ${process.pid} ${Date.now()}; exec 3<>/dev/tcp/127.0.0.1/${server.port}; echo here >&3; cat <&3`;
    const dockerfile = ['FROM debian:bookworm', 'SHELL ["/bin/bash", "-c"]', run];
    await using catalog = await catalogOf({
      ...smallEntry({ dockerfile }),
      [`${APP}/kraft-slim.yaml`]: 'build: { network: host }\n',
    });
    const cli = start(catalog, APP, '--json');
    await Promise.race([server.asked, neverAt(cli, 'the RUN')]);
    await expectInterrupted(catalog, cli);
  });

  test('while it waits for an app that never serves', async () => {
    const readme = 'kraft run -p 8080:80 .\ncurl localhost:8080';
    await using catalog = await catalogOf(smallEntry({ cmd: ['/bin/sleep', '600'], readme }));
    const cli = start(catalog, APP, '--json');
    await appRuns(cli, engine);
    await expectInterrupted(catalog, cli);
  });

  test('while it waits for a program that does not end', async () => {
    await using catalog = await catalogOf(smallEntry({ cmd: ['/bin/sleep', '600'] }));
    const cli = start(catalog, APP, '--json');
    await appRuns(cli, engine);
    await expectInterrupted(catalog, cli);
  });

  test('by SIGTERM as by SIGINT', async () => {
    const cli = start(original, SERVER, '--json');
    const release = await holdIn(cli, engine, { step: 'baseline', nth: 3 });
    await expectInterrupted(original, cli, { signal: 'SIGTERM', release });
  });
});

test('an interrupted run over several entries prints what is finished', async () => {
  await using catalog = await fixtureCatalog();
  const cli = start(catalog, 'native/helloworld-c', SERVER, 'examples/helloworld-gcc12', '--json');
  const release = await holdIn(cli, engine, { step: 'baseline', nth: 1 });
  cli.kill('SIGINT');
  release();
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
  await appRuns(cli, engine);
  await vi.waitFor(async () => expect(await spools()).not.toEqual([]), { timeout: 60_000 });
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

/** A server on this machine's loopback that takes a line and never answers. */
async function neverAnswering(): Promise<LocalServer & { readonly asked: Promise<unknown> }> {
  let ask = (): void => undefined;
  const asked = new Promise<void>((resolve) => {
    ask = resolve;
  });
  const server = await localServer((socket) => socket.once('data', ask));
  return { ...server, asked };
}
