import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { VERSION } from '../../src/shared/version.ts';
import { captured } from '../support/capture.ts';
import { type Catalog, catalogOf } from '../support/catalog.ts';
import { schemaFaults } from '../support/schemas.ts';

let catalog: Catalog;
beforeAll(async () => {
  catalog = await catalogOf({
    'native/a/Kraftfile': 'spec: v0.6\nunikraft: stable\n',
    'native/b/Kraftfile': 'spec: v0.6\nunikraft: stable\n',
    'library/app/Kraftfile': 'spec: v0.6\nruntime: base:latest\nrootfs: ./Dockerfile\ncmd: ["/app"]\n',
    'library/app/Dockerfile': 'FROM debian\n',
    'library/hand/Kraftfile': 'spec: v0.6\nruntime: base:latest\nrootfs: ./Dockerfile\ncmd: ["/app"]\n',
    'library/hand/Dockerfile': 'FROM debian AS build\nFROM scratch\nCOPY --from=build /app /app\n',
    'library/reaching/Kraftfile': 'spec: v0.6\nruntime: base:latest\nrootfs: ./Dockerfile\ncmd: ["/app"]\n',
    'library/reaching/Dockerfile': 'FROM debian\n',
    'library/reaching/kraft-slim.yaml': 'build: {network: host}\n',
    'library/none/README.md': '# An existing path without an entry\n',
    'library/broken/Kraftfile': 'spec: v0.6\ncmd: [\n',
    'library/misspelt/Kraftfile': 'spec: v0.6\nrootfs: ./Dockerfile\n',
    'library/misspelt/Dockerfile': 'FROM debian\nRUM x\n',
    'library/config/Kraftfile': 'spec: v0.6\nrootfs: ./Dockerfile\n',
    'library/config/Dockerfile': 'FROM debian\n',
    'library/config/kraft-slim.yaml': 'keeps: []\n',
  });
});
afterAll(() => catalog[Symbol.asyncDispose]());

// where no engine can be, so that these tests give the same with one and without
beforeEach(() => vi.stubEnv('DOCKER_HOST', 'unix:///nowhere/engine.sock'));

const run = async (...args: string[]) => {
  const { value: exitCode, ...streams } = await captured(() => main(args));
  return { exitCode, ...streams };
};
const at = (entry: string) => join(catalog.path, entry);

/** Runs with --json; the document has to be the only thing on standard output, and true to its schema. */
async function document(...args: string[]) {
  const { exitCode, stdout } = await run('--json', '--quiet', ...args);
  expect(stdout.endsWith('\n') && stdout.trim().split('\n').length === 1, stdout).toBe(true);
  const parsed = JSON.parse(stdout);
  expect(schemaFaults(parsed)).toEqual([]);
  return { exitCode, ...parsed };
}

describe('one entry gives one result', () => {
  test.each([
    ['native/a', 0, 'skipped', 'no-dockerfile', 'the Kraftfile names no rootfs'],
    ['library/none', 2, 'failed', 'kraftfile-missing', expect.stringContaining('library/none')],
    ['library/broken', 2, 'failed', 'kraftfile-invalid', expect.stringContaining('library/broken/Kraftfile')],
    ['library/misspelt', 2, 'failed', 'dockerfile-invalid', expect.stringContaining('RUM')],
    ['library/config', 2, 'failed', 'config-invalid', expect.stringContaining('did you mean keep?')],
    ['library/app', 2, 'failed', 'engine-absent', expect.stringContaining('/nowhere/engine.sock')],
    ['library/hand', 2, 'failed', 'engine-absent', expect.stringContaining('/nowhere/engine.sock')],
  ])('%s exits with %i', async (entry, exitCode, status, code, reason) => {
    expect(await document(at(entry))).toMatchObject({
      schema: 'kraft-slim/result/1',
      exitCode,
      entry,
      status,
      code,
      reason,
      verified: false,
      written: [],
    });
  });

  test('nothing of all that was written', async () => {
    expect(await catalog.status()).toEqual([]);
  });

  test('for people: what became of it on standard output, with the place of a mistake', async () => {
    const { exitCode, stdout, stderr } = await run('--quiet', at('library/broken'));
    expect(exitCode).toBe(2);
    expect(stdout).toMatch(
      /^library\/broken {2}failed\n {2}kraftfile-invalid cannot read library\/broken\/Kraftfile: /,
    );
    expect(stdout).toMatch(/ {12}library\/broken\/Kraftfile:\d+:\d+: /);
    expect(stdout).toMatch(/ \| +\^\n/);
    expect(stderr).toBe('');
  });

  test('verify follows the same table', async () => {
    expect(await document('verify', at('native/a'))).toMatchObject({ exitCode: 0, status: 'skipped' });
    expect(await document('verify', at('library/none'))).toMatchObject({
      exitCode: 2,
      code: 'kraftfile-missing',
    });
    expect(await document('verify', at('library/app'))).toMatchObject({ exitCode: 2, code: 'engine-absent' });
  });
});

describe('--untrusted', () => {
  test.each([[['--untrusted', 'library/reaching']], [['verify', '--untrusted', 'library/reaching']]])(
    '%j refuses what the entry asks for, before any engine is reached',
    async (words) => {
      const args = words.map((word) => (word.includes('/') ? at(word) : word));
      expect(await document(...args)).toMatchObject({
        exitCode: 2,
        status: 'failed',
        code: 'refused',
        reason: expect.stringContaining('build.network: host'),
        hint: expect.stringContaining('remove build.network'),
      });
    },
  );

  test('holds for a sweep, which continues with the other entries', async () => {
    const { results } = await document('sweep', catalog.path, '--dry-run', '--untrusted');
    const codes = new Map(results.map(({ entry, code }: { entry: string; code: string }) => [entry, code]));
    expect(codes.get('library/reaching')).toBe('refused');
    expect(codes.get('library/app')).toBe('engine-absent');
  });

  test('is also said by KRAFT_SLIM_UNTRUSTED', async () => {
    expect(await document(at('library/reaching'))).toMatchObject({ code: 'engine-absent' });
    vi.stubEnv('KRAFT_SLIM_UNTRUSTED', '1');
    try {
      expect(await document(at('library/reaching'))).toMatchObject({ code: 'refused' });
    } finally {
      vi.stubEnv('KRAFT_SLIM_UNTRUSTED', '');
    }
  });
});

describe('several entries give a sweep', () => {
  test('with a result for each, in order, and exit 1 where any failed', async () => {
    const sweep = await document(at('native/a'), at('library/none'), at('native/b'));
    expect(sweep).toMatchObject({ schema: 'kraft-slim/sweep/1', exitCode: 1 });
    expect(sweep.results.map(({ status }: { status: string }) => status)).toEqual([
      'skipped',
      'failed',
      'skipped',
    ]);
    expect(sweep.totals).toMatchObject({ skipped: 2, failed: 1, slimmed: 0 });
  });

  test('and exit 0 where none failed', async () => {
    expect(await document(at('native/a'), at('native/b'))).toMatchObject({ exitCode: 0 });
  });

  test('for people: one block after the other', async () => {
    const { exitCode, stdout } = await run('--quiet', at('native/a'), at('native/b'));
    expect(exitCode).toBe(0);
    expect(stdout.match(/^\S.*/gm)).toEqual(['native/a  skipped', 'native/b  skipped']);
  });
});

describe('where no result can be formed', () => {
  test.each([
    [[], "missing required argument 'entry'"],
    [['--jsno', 'a'], "unknown option '--jsno'"],
    [['--state'], "option '--state <dir>' argument missing"],
    [['verify'], "missing required argument 'entry'"],
    [['clean', 'everything'], 'too many arguments'],
  ])('as with %j, there is an error document and exit 2', async (args, message) => {
    expect(await document(...args)).toEqual({
      schema: 'kraft-slim/error/1',
      code: 'usage',
      message: expect.stringContaining(message),
      hint: 'run kraft-slim --help',
      exitCode: 2,
    });
    const { exitCode, stdout, stderr } = await run(...args);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(/^kraft-slim: .*\n(.*\n)?hint: run kraft-slim --help\n$/);
    expect(stderr).toContain(message);
  });

  test.each([
    [['verfy', 'ENTRY'], 'verfy', 'did you mean kraft-slim verify?'],
    [['ENTRY', 'verify'], 'verify', 'write the verb first: kraft-slim verify'],
    [['ENTRY', 'library/nowhere'], 'library/nowhere', 'name an existing entry, or run kraft-slim --help'],
    [['nwe', 'redis:7.2'], 'nwe', 'did you mean kraft-slim new?'],
    [['verify', 'ENTRY', 'gone'], 'gone', 'name an existing entry, or run kraft-slim --help'],
    [['refresh', 'gone'], 'gone', 'name an existing entry, or run kraft-slim --help'],
    [['pr', 'ENTRY', 'gone'], 'gone', 'name an existing entry, or run kraft-slim --help'],
    [['sweep', 'gone'], 'gone', 'name an existing entry, or run kraft-slim --help'],
    [['check', 'ENTRY', 'chekc'], 'chekc', 'did you mean kraft-slim check?'],
  ])('%j does nothing at all: one word is neither a verb nor a path', async (words, word, hint) => {
    const args = words.map((one) => (one === 'ENTRY' ? at('library/app') : one));
    expect(await document(...args)).toEqual({
      schema: 'kraft-slim/error/1',
      code: 'usage',
      message: `cannot find ${word}: it is neither a verb nor an existing path`,
      hint,
      exitCode: 2,
    });
    expect(await run(...args)).toMatchObject({ exitCode: 2, stdout: '' });
    expect(await catalog.status()).toEqual([]);
  });

  test.each([
    [['sweep', 'TOP', '--filter', 'lib/*'], 'usage', 'cannot sweep by --filter lib/*: it matches no entry'],
    [['sweep', 'TOP', '--filter', 'native/*', '--filter', 'x'], 'usage', 'cannot sweep by --filter x: '],
    [['sweep', 'TOP', '--only', 'B'], 'usage', 'cannot sweep by --only runtime-delta: '],
    [['sweep', 'EMPTY'], 'kraftfile-missing', 'cannot sweep library/none: it contains no entry'],
  ])('%j matches nothing', async (words, code, message) => {
    const places: Readonly<Record<string, string>> = { TOP: catalog.path, EMPTY: at('library/none') };
    const args = words.map((word) => places[word] ?? word);
    expect(await document(...args, '--dry-run')).toMatchObject({
      schema: 'kraft-slim/error/1',
      code,
      message: expect.stringContaining(message),
      exitCode: 2,
    });
  });

  test('words behind -- ask for no document', async () => {
    const { stdout, stderr } = await run('new', 'image', '--frob', '--', '--json');
    expect(stdout).toBe('');
    expect(stderr).toContain("unknown option '--frob'");
  });

  test('a mistyped option is reported with the nearest option', async () => {
    expect((await run('--dry-rum', 'a')).stderr).toContain('Did you mean --dry-run?');
  });

  test('since there is no engine to clean, the document says so', async () => {
    expect(await document('clean')).toMatchObject({
      schema: 'kraft-slim/error/1',
      code: 'engine-absent',
      hint: expect.any(String),
      exitCode: 2,
    });
  });
});

describe('help', () => {
  test('is printed with examples and exit codes', async () => {
    const { exitCode, stdout, stderr } = await run('--help');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    for (const text of [
      'Examples:',
      'kraft-slim verify',
      'kraft-slim check',
      'Exit codes: 0 done',
      '--dry-run',
    ]) {
      expect(stdout).toContain(text);
    }
  });

  test('is there for each verb', async () => {
    for (const verb of ['verify', 'check', 'clean']) {
      expect(await run(verb, '--help')).toMatchObject({ exitCode: 0, stdout: expect.stringContaining(verb) });
    }
  });

  test('the version is that of the package', async () => {
    expect(await run('--version')).toEqual({ exitCode: 0, stdout: `${VERSION}\n`, stderr: '' });
  });
});

test.each([['clean'], ['check'], ['library/app']])(
  'a scope that cannot be used is wrong usage of %s',
  async (word) => {
    vi.stubEnv('KRAFT_SLIM_SCOPE', '../a');
    expect(await document(word)).toMatchObject({
      schema: 'kraft-slim/error/1',
      exitCode: 2,
      code: 'usage',
      message: expect.stringContaining('KRAFT_SLIM_SCOPE="../a"'),
    });
    vi.stubEnv('KRAFT_SLIM_SCOPE', '');
  },
);
