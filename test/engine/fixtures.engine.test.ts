import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SCOPE_LABEL } from '../../src/engine/labels.ts';
import { scopeOfRun } from '../../src/shared/scope.ts';
import type { Result } from '../../src/slim/result.ts';
import { type Catalog, fixtureCatalog } from '../support/catalog.ts';
import { runJson } from '../support/cli.ts';
import { docker } from '../support/docker.ts';
import { fullImage } from '../support/full-image.ts';
import { DATABASES, handMadeBytes } from '../support/hand-made.ts';
import { runEntry } from '../support/run-entry.ts';
import { drawSome } from '../support/samples.ts';
import { schemaFaults } from '../support/schemas.ts';
import { SWEEP_MS, type Sweep, sweepFixtures } from '../support/swept-fixtures.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const codesOf = ({ warnings }: Result) => warnings.map(({ code }) => code);

/** Entries with the kinds of their probes, and a needed file, by a glob for `drop`, that nothing names but a use. */
const FIXTURES: readonly (readonly [entry: string, probes: readonly string[], needed: string])[] = [
  ['library/memcached/1.6', ['tcp'], '/etc/passwd'],
  ['library/haproxy/2.6', ['http', 'http'], '/etc/haproxy/moons.map'],
  ['library/python/3.11', ['http', 'http'], '/usr/lib/python3.11/lib-dynload/_hashlib.*'],
  ['library/php/8.2', ['http'], '/usr/lib/php/20220829/ctype.so'],
  ['library/perl/5.36', ['http', 'http'], '/usr/lib/x86_64-linux-gnu/perl/5.36*/auto/Digest/SHA/SHA.so'],
  ['library/ruby/3.1', ['http', 'http'], '/usr/lib/ruby/3.1.0/erb.rb'],
  ['library/mariadb/10.11', ['client'], '/var/lib/mysql/mysql/global_priv.*'],
  ['library/redis/7.0', ['client', 'client', 'tcp'], '/var/lib/redis'],
  ['examples/flask-python3.11', ['http', 'http'], '/usr/lib/python3.11/statistics.py'],
  ['examples/express-node18-base', ['http', 'http'], '/usr/share/nodejs/js-yaml/**'],
  ['examples/tls-client', ['output'], '/etc/ssl/certs/ca-certificates.crt'],
];

/** Stages made by hand that hold little more than the app as its author configured it: they stay as they are. */
const NO_SMALLER: ReadonlySet<string> = new Set(['examples/nginx1.22-hand', 'examples/sqlite3.40-renamed']);

/** Each of them in the soak, else some that are drawn. */
const BROKEN = drawSome(FIXTURES, { ci: 4, soak: FIXTURES.length });

// the tests of this file follow one catalog, in their order
let catalog: Catalog;
let first: Sweep;
beforeAll(async () => {
  ({ catalog, ...first } = await sweepFixtures());
}, SWEEP_MS);
afterAll(() => catalog[Symbol.asyncDispose]());

async function sweep({ path }: Catalog, ...args: string[]): Promise<Sweep> {
  const { document, exitCode } = await runJson(['sweep', ...args], { cwd: path });
  expect(schemaFaults(document)).toEqual([]);
  return { exitCode, results: document.results as Result[] };
}

const resultOf = (entry: string) => first.results.find((result) => result.entry === entry) as Result;

test('one sweep slims all fixtures, or skips them', () => {
  const failed = first.results.filter(
    ({ entry, status }) => ![NO_SMALLER.has(entry) ? 'unchanged' : 'slimmed', 'skipped'].includes(status),
  );
  expect(failed.map(({ entry, code, reason }) => ({ entry, code, reason }))).toEqual([]);
  expect(first.results.filter(({ status }) => status === 'slimmed').length).toBeGreaterThanOrEqual(30);
  expect(first.results.every(({ status, verified }) => verified === (status !== 'skipped'))).toBe(true);
  expect(first.exitCode).toBe(0);
});

describe('an entry that is used as its README says', () => {
  test.each(FIXTURES)('%s is verified by %j', (entry, kinds) => {
    const { workload, written } = resultOf(entry);
    expect(written.filter((name) => name !== 'rootfs.list')).toEqual(['Dockerfile']);
    expect(workload?.probes).toEqual(kinds.map((kind) => ({ kind, passed: true })));
  });

  test('fails without a file that nothing names but a use', async () => {
    const drops = BROKEN.map(([entry, , glob]) => [`  ${entry}:\n    drop: ['${glob}']\n`]);
    await using broken = await fixtureCatalog({ 'kraft-slim.yaml': `entries:\n${drops.join('')}` });
    const entries = BROKEN.map(([entry]) => entry).sort();
    const { exitCode, results } = await sweep(broken, '--filter', ...entries);
    expect(exitCode).toBe(1);
    expect(results.map(({ entry, status, code, verified }) => ({ entry, status, code, verified }))).toEqual(
      entries.map((entry) => ({ entry, status: 'failed', code: 'verify-failed', verified: false })),
    );
  });
});

/**
 * Interpreters, all that their library is, and the shares of it that may be left: of the library and what it links, and
 * of the same with the system's databases, which such a set needs as well.
 */
const INTERPRETERS: readonly (readonly [
  entry: string,
  share: number,
  shareWithDatabases: number,
  paths: readonly string[],
])[] = [
  ['library/python/3.11', 0.75, 0.74, ['/usr/bin/python3.11', '/usr/lib/python3.11']],
  [
    'library/perl/5.36',
    0.75,
    0.75,
    [
      '/usr/bin/perl',
      '/usr/share/perl',
      '/usr/lib/x86_64-linux-gnu/perl',
      '/usr/lib/x86_64-linux-gnu/perl-base',
    ],
  ],
  [
    'library/ruby/3.1',
    0.79,
    0.75,
    ['/usr/bin/ruby3.1', '/usr/lib/ruby', '/usr/lib/x86_64-linux-gnu/ruby', '/var/lib/gems'],
  ],
];

describe('an interpreter, beside its whole library directory and what that links', () => {
  test.each(drawSome(INTERPRETERS, { ci: 1, soak: 3 }))(
    '%s is at most %d of it, and %d with databases',
    async (entry, share, shareWithDatabases, paths) => {
      await using originals = await fixtureCatalog();
      await using image = await fullImage(originals, entry);
      const byHand = await handMadeBytes(image, paths);
      const withDatabases = await handMadeBytes(image, [...paths, ...DATABASES]);
      expect(byHand).toBeGreaterThan(20e6);
      const { after, warnings } = resultOf(entry);
      const bytes = after?.bytes ?? byHand;
      expect(bytes / byHand).toBeLessThanOrEqual(share);
      expect(bytes / withDatabases).toBeLessThanOrEqual(shareWithDatabases);
      expect(warnings.some(({ code }) => code === 'not-pie')).toBe(entry.includes('python'));
    },
  );
});

test('the next sweep neither builds nor runs anything', async () => {
  await using top = await temporaryDirectory();
  const events = join(top.path, 'events.ndjson');
  const since = Date.now() / 1000;
  const second = await sweep(catalog, '--events', events);
  const span = ['--since', String(since), '--until', String(Date.now() / 1000)];
  // others use this engine too: what this run makes or starts carries its scope
  const ours = ['--filter', `label=${SCOPE_LABEL}=${scopeOfRun().name}`];
  const told = await docker(['events', ...span, ...ours]);
  expect(second.exitCode).toBe(0);
  const outcome = ({ entry, status, code, before, after }: Result) => ({
    entry,
    status,
    code,
    before,
    after,
  });
  expect(second.results.map(outcome)).toEqual(
    first.results.map((result) => ({
      ...outcome(result),
      status: result.status === 'slimmed' ? 'unchanged' : result.status,
    })),
  );
  // it reports all that is made in an engine or run; the results report builds
  expect(told).toBe('');
  expect(second.results.map(({ seconds }) => seconds.build)).toEqual(second.results.map(() => 0));
  const lines = (await readFile(events, 'utf8')).trim().split('\n');
  const types = lines.map((line) => JSON.parse(line).type);
  expect(new Set(types)).toEqual(
    new Set(['sweep-started', 'entry-started', 'entry-finished', 'sweep-ended']),
  );
});

describe('five programs of one root file system', () => {
  const ENTRY = 'examples/coreutils';

  test('are one result, with the union of what they need', async () => {
    const { launches, workload } = resultOf(ENTRY);
    expect(launches.map(({ kraftfile }) => kraftfile).sort()).toEqual([
      'Kraftfile.cat',
      'Kraftfile.ls',
      'Kraftfile.sort',
      'Kraftfile.uniq',
      'Kraftfile.wc',
    ]);
    expect(workload?.probes).toEqual(Array(5).fill({ kind: 'output', passed: true }));
    const text = await catalog.read(`${ENTRY}/Dockerfile`);
    for (const program of ['ls', 'cat', 'sort', 'uniq', 'wc']) expect(text).toContain(`/usr/bin/${program}`);
  });

  test('fail without what one of them needs', async () => {
    await catalog.write({ [`${ENTRY}/kraft-slim.yaml`]: "drop: ['/**/libpcre2-8.so.0*']\n" });
    const broken = await runEntry(catalog, `${ENTRY}/Kraftfile.ls`, '--redo');
    expect(broken).toMatchObject({ entry: ENTRY, code: 'verify-failed', exitCode: 1 });
  });
});

describe('a runtime and an entry that builds on it', () => {
  const NODE = 'library/node/18';
  const DELTA = 'examples/express-node18';

  test('the runtime is asked the workload of the entry as well', () => {
    const result = resultOf(NODE);
    expect(result).toMatchObject({ status: 'slimmed', verified: true, runtime: null });
    expect(result.launches.map(({ kraftfile }) => kraftfile)).toEqual([
      'Kraftfile',
      '../../../examples/express-node18/Kraftfile',
    ]);
    expect(result.workload?.probes).toHaveLength(4);
  });

  test('the entry is slimmed to what the runtime does not provide', async () => {
    const result = resultOf(DELTA);
    expect(result).toMatchObject({ class: 'runtime-delta', status: 'slimmed', verified: true });
    expect(result.runtime).toEqual({ entry: NODE, bytes: expect.any(Number) });
    expect(result.after?.bytes).toBeLessThan(2.2e6);
    expect(result.runtime?.bytes).toBeGreaterThan(50e6);
    expect(codesOf(result)).toContain('runtime-from-catalog');
    expect(result.written).toEqual(['rootfs.list', 'Dockerfile']);
    const list = await catalog.read(`${DELTA}/rootfs.list`);
    expect(list).not.toContain('/usr/bin/node');
    const text = await catalog.read(`${DELTA}/Dockerfile`);
    expect(text).not.toContain('/usr/bin/node');
    expect(text).toContain('COPY --from=build /usr/src /usr/src\n');
  });

  test('the entry fails without one of its files', async () => {
    await catalog.write({ [`${DELTA}/kraft-slim.yaml`]: "drop: ['/usr/src/moons.yaml']\n" });
    expect(await runEntry(catalog, DELTA, '--redo')).toMatchObject({ code: 'verify-failed', exitCode: 1 });
  });
});
