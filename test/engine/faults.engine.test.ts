import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectEngine } from '../../src/engine/connect.ts';
import { randomOf } from '../../src/search/random.ts';
import { catalogOf } from '../support/catalog.ts';
import { type JsonDocument, runJson, startCli } from '../support/cli.ts';
import { ownedBy } from '../support/docker.ts';
import { type EngineProxy, engineProxy, type Fault } from '../support/engine-proxy.ts';
import { neverAt, stepOf } from '../support/hold-cli.ts';
import { drawSome, samples } from '../support/samples.ts';
import { schemaFaults } from '../support/schemas.ts';
import { APP, smallEntry } from '../support/small-entry.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../support/temporary-directory.ts';

/** An engine that is silent for so many seconds counts as gone. */
const SILENCE_S = 2;

/** However an engine fails, a run ends within this time of it. */
const PATIENCE_MS = 60_000;

let temporary: TemporaryDirectory;
let total: number;
beforeAll(async () => {
  temporary = await temporaryDirectory();
  total = (await runOver('cut', null)).requests;
});
afterAll(() => temporary[Symbol.asyncDispose]());

/** An entry that listens, is asked, and prints: every kind of request is made for it. */
const ENTRY = smallEntry({
  cmd: ['/bin/perl', '/server'],
  dockerfile: ['FROM debian:bookworm', 'COPY server /server'],
  readme: 'kraft run -p 8080:8080 .\ncurl localhost:8080\n```\n\n```\nHello',
});
const SERVER = `use strict; use Socket;
socket(my $s, PF_INET, SOCK_STREAM, 0); setsockopt($s, SOL_SOCKET, SO_REUSEADDR, 1);
bind($s, sockaddr_in(8080, INADDR_ANY)); listen($s, 5);
while (accept(my $c, $s)) { sysread($c, my $asked, 4096);
  syswrite($c, "HTTP/1.0 200 OK\\r\\nContent-Type: text/plain\\r\\n\\r\\nHello\\n"); close($c); }
`;

const servingCatalog = () => catalogOf({ ...ENTRY, [`${APP}/server`]: SERVER });

async function runOver(fault: Fault, at: number | null) {
  await using catalog = await servingCatalog();
  await using proxy = await engineProxy(fault, at);
  const begun = performance.now();
  const env = {
    DOCKER_HOST: proxy.address,
    TMPDIR: temporary.path,
    KRAFT_SLIM_ENGINE_TIMEOUT: String(SILENCE_S),
  };
  const { exitCode, document, stderr } = await runJson([APP], { cwd: catalog.path, env });
  const tookMs = performance.now() - begun;
  return { requests: proxy.requests(), exitCode, document, stderr, tookMs, changed: await catalog.status() };
}

test('a run through the proxy is as any other', async () => {
  expect(total).toBeGreaterThan(50);
});

const FAULTS: readonly Fault[] = ['cut', 'freeze', 'garbage'];

/** Moments of a run as parts of it, drawn from a seed; the last requests remove things when all is written. */
const MOMENTS = FAULTS.flatMap((fault, seed) => {
  const random = randomOf(seed + 1);
  const parts = Array.from({ length: samples({ ci: 1, soak: 15 }) }, () => random());
  return parts.map((part) => ({ fault, part }));
});

describe('an engine that fails ends a run with a reason, and leaves the entry as before or verified', () => {
  test.each(MOMENTS)('$fault at $part of its requests', async ({ fault, part }) => {
    const run = await runOver(fault, 1 + Math.floor(part * (total - 1)));
    expect(run.tookMs).toBeLessThan(PATIENCE_MS);
    expect(schemaFaults(run.document)).toEqual([]);
    const said = `${JSON.stringify(run.document)}\n${run.stderr}`;
    if (run.exitCode === 0) expectDone(run.document, run.changed);
    else {
      expect(run.exitCode, said).toBe(2);
      const { code, reason, message = reason } = run.document as Record<string, unknown> & JsonDocument;
      expect(['engine-absent', 'engine-refused', 'timeout'], said).toContain(code);
      expect(message).toMatch(/^cannot .+: .{8,}/);
      expect(run.changed).toEqual([]);
    }
    // as the next run does
    await (await connectEngine()).clean('abandoned');
    expect(await readdir(temporary.path, { recursive: true })).not.toContainEqual(
      expect.stringMatching(/\.tar$/),
    );
  });
});

/** What is written before the engine fails stays written, and the result says so. */
function expectDone(document: JsonDocument, changed: readonly string[]): void {
  expect(document).toMatchObject({ status: 'slimmed', verified: true });
  expect(changed).toContain(` M ${APP}/Dockerfile`);
}

describe('an engine that is frozen, and would be waited for much longer,', () => {
  /** What freezes at a part of its requests; the engine alone would have ten minutes. */
  const frozen = async (part: number) => {
    const proxy = await engineProxy('freeze', 1 + Math.floor(part * (total - 1)));
    return { proxy, env: environmentOf(proxy) };
  };
  const environmentOf = ({ address }: EngineProxy) => ({
    DOCKER_HOST: address,
    TMPDIR: temporary.path,
    KRAFT_SLIM_ENGINE_TIMEOUT: '600',
  });

  test.each(drawSome([0.1, 0.5], { ci: 1, soak: 2 }))(
    'at %f of its requests ends an entry by --entry-timeout',
    async (part) => {
      await using catalog = await servingCatalog();
      const { proxy, env } = await frozen(part);
      await using _ = proxy;
      const begun = performance.now();
      const sweep = ['sweep', '--entry-timeout', '15'];
      const { exitCode, document, stderr } = await runJson(sweep, { cwd: catalog.path, env });
      expect(performance.now() - begun).toBeLessThan(PATIENCE_MS);
      expect(schemaFaults(document)).toEqual([]);
      expect(exitCode, stderr).toBe(1);
      expect(document.results).toMatchObject([{ status: 'failed', code: 'timeout', written: [] }]);
      expect(await catalog.status()).toEqual([]);
    },
  );

  // how many requests a run makes differs from run to run: its steps do not
  test.each(['build', 'baseline', 'verify'])('in the step %s ends a run by SIGTERM', async (step) => {
    await using catalog = await servingCatalog();
    let isThere = () => false;
    await using proxy = await engineProxy('freeze', () => isThere());
    const cli = startCli([APP, '--json'], { cwd: catalog.path, env: environmentOf(proxy) });
    isThere = () => stepOf(cli) === step;
    await Promise.race([proxy.faulty, neverAt(cli, `the step ${step}`)]);
    const begun = performance.now();
    cli.kill('SIGTERM');
    const { exitCode, stdout } = await cli.ended;
    expect(performance.now() - begun).toBeLessThan(PATIENCE_MS / 2);
    expect(exitCode).toBe(130);
    expect(JSON.parse(stdout)).toMatchObject({ code: 'interrupted' });
    expect(await catalog.status()).toEqual([]);
  });
});

test('an engine that goes away once the files are written leaves the result, with a warning', async () => {
  await using catalog = await servingCatalog();
  const dockerfile = join(catalog.path, APP, 'Dockerfile');
  const isWritten = () => readFileSync(dockerfile, 'utf8').includes('FROM scratch');
  await using proxy = await engineProxy('cut', isWritten);
  const env = { DOCKER_HOST: proxy.address, TMPDIR: temporary.path };
  const { exitCode, document, stderr } = await runJson([APP], { cwd: catalog.path, env });
  expect(exitCode, stderr).toBe(0);
  expectDone(document, await catalog.status());
  const { warnings } = document as { warnings?: readonly unknown[] };
  expect(warnings).toContainEqual({
    code: 'not-tidied',
    message: expect.stringMatching(
      /^kraft-slim could not remove everything that the run made in the engine: cannot reach /,
    ),
  });
});

test('nothing of those runs is left in the engine', async () => {
  await (await connectEngine()).clean('abandoned');
  expect(await ownedBy(process.pid)).toEqual([]);
});
