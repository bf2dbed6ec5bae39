import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Result } from '../../src/slim/result.ts';
import { type Catalog, fixtureCatalog } from '../support/catalog.ts';
import { fullImage } from '../support/full-image.ts';
import { runEntry } from '../support/run-entry.ts';

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

describe('an entry that is used as its README says', () => {
  let catalog: Catalog;
  let broken: Catalog;
  beforeAll(async () => {
    catalog = await fixtureCatalog();
    const drops = FIXTURES.map(([entry, , glob]) => [`  ${entry}:\n    drop: ['${glob}']\n`]);
    broken = await fixtureCatalog({ 'kraft-slim.yaml': `entries:\n${drops.join('')}` });
  });
  afterAll(async () => {
    await catalog[Symbol.asyncDispose]();
    await broken[Symbol.asyncDispose]();
  });

  test.each(FIXTURES)('%s is slimmed and verified by %j', async (entry, kinds) => {
    const { exitCode, status, verified, workload, written } = await runEntry(catalog, entry);
    expect(written.filter((name) => name !== 'rootfs.list')).toEqual(['Dockerfile']);
    expect({ exitCode, status, verified }).toEqual({
      exitCode: 0,
      status: 'slimmed',
      verified: true,
    });
    expect(workload?.probes).toEqual(kinds.map((kind) => ({ kind, passed: true })));
  });

  test.each(FIXTURES)('%s, whose probes are %j, fails without %s', async (entry) => {
    const { exitCode, status, code, verified } = await runEntry(broken, entry);
    expect({ exitCode, status, code, verified }).toEqual({
      exitCode: 1,
      status: 'failed',
      code: 'verify-failed',
      verified: false,
    });
  });
});

describe('an interpreter, beside its whole library directory and what that links', () => {
  test.each([
    ['library/python/3.11', 0.52, ['/usr/bin/python3.11', '/usr/lib/python3.11']],
    [
      'library/perl/5.36',
      0.35,
      [
        '/usr/bin/perl',
        '/usr/share/perl',
        '/usr/lib/x86_64-linux-gnu/perl',
        '/usr/lib/x86_64-linux-gnu/perl-base',
      ],
    ],
    [
      'library/ruby/3.1',
      0.35,
      ['/usr/bin/ruby3.1', '/usr/lib/ruby', '/usr/lib/x86_64-linux-gnu/ruby', '/var/lib/gems'],
    ],
  ])('%s is at most %d of it', async (entry, share, paths) => {
    await using catalog = await fixtureCatalog();
    const byHand = await handMadeBytes(catalog, entry, paths);
    expect(byHand).toBeGreaterThan(20e6);
    const { after, warnings } = await runEntry(catalog, entry);
    expect((after?.bytes ?? byHand) / byHand).toBeLessThanOrEqual(share);
    expect(warnings.some(({ code }) => code === 'not-pie')).toBe(entry.includes('python'));
  });
});

/** Bytes of everything below paths of the full image, and of all that ldd names for the programs in it, each once. */
async function handMadeBytes(catalog: Catalog, entry: string, paths: readonly string[]): Promise<number> {
  await using image = await fullImage(catalog, entry);
  const script = `
    files=$(find "$@" -type f -o -type l)
    libraries=$(for file in $files; do ldd "$file" 2>/dev/null; done | grep -o '/[^ ]*' | sort -u)
    for file in $files $libraries; do readlink -f "$file"; done | sort -u | xargs stat -c '%F %s' | grep '^regular'`;
  const lines = await image.run(['bash', '-c', script, 'sh', ...paths]);
  return lines.split('\n').reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}

test('five programs of one root file system are one result, with the union of what they need', async () => {
  await using catalog = await fixtureCatalog();
  const result = await runEntry(catalog, 'examples/coreutils/Kraftfile.ls');
  expect(result).toMatchObject({ entry: 'examples/coreutils', status: 'slimmed', verified: true });
  expect(result.launches.map(({ kraftfile }) => kraftfile).sort()).toEqual([
    'Kraftfile.cat',
    'Kraftfile.ls',
    'Kraftfile.sort',
    'Kraftfile.uniq',
    'Kraftfile.wc',
  ]);
  expect(result.workload?.probes).toEqual(Array(5).fill({ kind: 'output', passed: true }));
  const text = await catalog.read('examples/coreutils/Dockerfile');
  for (const program of ['ls', 'cat', 'sort', 'uniq', 'wc']) expect(text).toContain(`/usr/bin/${program}`);
  await catalog.write({ 'examples/coreutils/kraft-slim.yaml': "drop: ['/**/libpcre2-8.so.0*']\n" });
  const broken = await runEntry(catalog, 'examples/coreutils/Kraftfile.ls', '--redo');
  expect(broken).toMatchObject({ code: 'verify-failed', exitCode: 1 });
});

// the tests of this block follow one catalog, in their order
describe('a runtime and an entry that builds on it', () => {
  const NODE = 'library/node/18';
  const DELTA = 'examples/express-node18';
  let catalog: Catalog;
  beforeAll(async () => {
    catalog = await fixtureCatalog();
  });
  afterAll(() => catalog[Symbol.asyncDispose]());

  test('the runtime is asked the workload of the entry as well', async () => {
    const result = await runEntry(catalog, NODE);
    expect(result).toMatchObject({ status: 'slimmed', verified: true, runtime: null });
    expect(result.launches.map(({ kraftfile }) => kraftfile)).toEqual([
      'Kraftfile',
      '../../../examples/express-node18/Kraftfile',
    ]);
    expect(result.workload?.probes).toHaveLength(4);
  });

  test('the entry is slimmed to what the runtime does not bring', async () => {
    const result = await runEntry(catalog, DELTA);
    expect(result).toMatchObject({ class: 'runtime-delta', status: 'slimmed', verified: true });
    expect(result.runtime).toEqual({ entry: NODE, bytes: expect.any(Number) });
    expect(result.after?.bytes).toBeLessThan(2e6);
    expect(result.runtime?.bytes).toBeGreaterThan(50e6);
    expect(codesOf(result)).toContain('runtime-from-catalog');
    expect(result.written).toEqual(['rootfs.list', 'Dockerfile']);
    const list = await catalog.read(`${DELTA}/rootfs.list`);
    expect(list).not.toContain('/usr/bin/node');
    expect(list).toContain('/usr/src/moons.yaml\n');
  });

  test('both are unchanged the next time', async () => {
    for (const entry of [NODE, DELTA]) {
      expect(await runEntry(catalog, entry)).toMatchObject({
        status: 'unchanged',
        verified: true,
        written: [],
      });
    }
  });

  test('the entry fails without a file of its own', async () => {
    await catalog.write({ [`${DELTA}/kraft-slim.yaml`]: "drop: ['/usr/src/moons.yaml']\n" });
    expect(await runEntry(catalog, DELTA, '--redo')).toMatchObject({ code: 'verify-failed', exitCode: 1 });
  });
});
