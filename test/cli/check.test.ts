import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { RULES } from '../../src/check/rules.ts';
import { main } from '../../src/cli/main.ts';
import { CLEAN } from '../check/clean-catalog.ts';
import { captured } from '../support/capture.ts';
import { catalogOf, type Files } from '../support/catalog.ts';
import { schemaFaults } from '../support/schemas.ts';

const CODES = RULES.map(({ code }) => code).join(',');
const NGINX = 'library/nginx/1.25';
const WRONG_NAME: Files = { ...CLEAN, [`${NGINX}/Kraftfile`]: renamed('node') };
const NO_SPEC: Files = { ...CLEAN, [`${NGINX}/Kraftfile`]: 'name: nginx\n' };

function renamed(name: string): string {
  return (CLEAN[`${NGINX}/Kraftfile`] as string).replace('name: nginx', `name: ${name}`);
}

function without(files: Files, gone: string): Files {
  return Object.fromEntries(Object.entries(files).filter(([name]) => name !== gone));
}

const run = async (...args: string[]) => {
  const { value: exitCode, ...streams } = await captured(() => main(args));
  return { exitCode, ...streams };
};

afterEach(() => vi.restoreAllMocks());

describe('check', () => {
  test('exits with 0 where nothing is found', async () => {
    await using catalog = await catalogOf(CLEAN);
    expect(await run('check', catalog.path)).toEqual({ exitCode: 0, stdout: 'nothing found\n', stderr: '' });
  });

  test('without a path looks at the catalog of the current directory', async () => {
    await using catalog = await catalogOf(WRONG_NAME);
    vi.spyOn(process, 'cwd').mockReturnValue(join(catalog.path, NGINX));
    const { exitCode, stdout } = await run('check', '--json');
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout).findings).toMatchObject([{ code: 'name-mismatch', entry: NGINX }]);
  });

  test('exits with 1 for an error, and shows its place', async () => {
    await using catalog = await catalogOf(NO_SPEC);
    const { exitCode, stdout } = await run('check', join(catalog.path, NGINX));
    expect(exitCode).toBe(1);
    expect(stdout).toContain(
      `${NGINX}/Kraftfile\n  1:1 error kraftfile-invalid: the key spec is missing: a Kraftfile begins with spec: v0.6\n    1 | name: nginx\n      | ^\n`,
    );
    expect(stdout).toMatch(/\n\n1 error.*\n$/);
  });

  test('exits with 1 from the level of --fail-on on', async () => {
    await using catalog = await catalogOf(WRONG_NAME);
    expect((await run('check', catalog.path, '--fail-on', 'warning')).exitCode).toBe(1);
    const noted = { ...CLEAN, 'kraft-slim.yaml': 'check: {rules: {name-mismatch: note}}\n' };
    await using other = await catalogOf({ ...WRONG_NAME, ...noted, [`${NGINX}/Kraftfile`]: renamed('node') });
    expect((await run('check', other.path, '--fail-on', 'warning')).exitCode).toBe(0);
    expect((await run('check', other.path, '--fail-on', 'note')).exitCode).toBe(1);
  });

  test('counts notes, and shows them with --notes', async () => {
    const noted = { ...CLEAN, 'kraft-slim.yaml': 'check: {rules: {name-mismatch: note}}\n' };
    await using catalog = await catalogOf({ ...noted, [`${NGINX}/Kraftfile`]: renamed('node') });
    expect((await run('check', catalog.path)).stdout).toBe('1 note (--notes shows them); --fix fixes 1\n');
    expect((await run('check', catalog.path, '--notes')).stdout).toMatch(
      /note name-mismatch: [\s\S]*\n\n1 note; --fix fixes 1\n$/,
    );
  });

  test('exits with 0 for warnings alone, and counts what can be fixed', async () => {
    await using catalog = await catalogOf(WRONG_NAME);
    const { exitCode, stdout } = await run('check', catalog.path);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/\n\n1 warning; --fix fixes 1\n$/);
  });

  test.each(['--json', '--format=json'])('%s prints one document true to its schema', async (flag) => {
    await using catalog = await catalogOf(NO_SPEC);
    const { exitCode, stdout, stderr } = await run('check', flag, catalog.path);
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: '' });
    expect(schemaFaults(JSON.parse(stdout))).toEqual([]);
  });

  test('uses only some codes, or all but some', async () => {
    await using catalog = await catalogOf({
      ...without(WRONG_NAME, `${NGINX}/nginx.conf`),
      [`${NGINX}/.gitignore`]: '/.config*\n',
    });
    const codes = async (...flags: string[]) => {
      const { stdout } = await run('check', '--json', ...flags, catalog.path);
      return JSON.parse(stdout).findings.map(({ code }: { code: string }) => code);
    };
    expect(await codes()).toEqual(['gitignore-line', 'copy-source-missing', 'name-mismatch']);
    expect(await codes('--only', 'name-mismatch,gitignore-line')).toEqual([
      'gitignore-line',
      'name-mismatch',
    ]);
    expect(await codes('--skip=name-mismatch', '--skip=gitignore-line')).toEqual(['copy-source-missing']);
  });

  test.each([
    [['--only', 'nmae-mismatch'], 'there is no check nmae-mismatch', 'did you mean name-mismatch?'],
    [['--format', 'xml'], expect.stringContaining('xml'), 'run kraft-slim --help'],
    [
      ['--json', '--format', 'sarif'],
      'cannot use --format: --json chooses another format',
      'run kraft-slim --help',
    ],
    [['--force'], 'cannot use --force: it needs --fix', 'run kraft-slim --help'],
    [['--skip', CODES], 'cannot check: --skip leaves out every check', null],
    [
      ['/nowhere/at/all'],
      'cannot find /nowhere/at/all: it is neither a verb nor an existing path',
      'name an existing entry, or run kraft-slim --help',
    ],
  ])('%j exits with 2', async (args, message, hint) => {
    const { exitCode, stdout } = await run('check', '--json', ...args);
    expect(exitCode).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ schema: 'kraft-slim/error/1', code: 'usage', message, hint });
  });
});

describe('check --baseline', () => {
  test('leaves out what --write-baseline wrote, also below moved lines, and counts what is gone', async () => {
    await using catalog = await catalogOf({ ...NO_SPEC, [`${NGINX}/.gitignore`]: '/.config*\n' });
    const file = join(catalog.path, 'known.json');
    const written = await run('check', catalog.path, '--write-baseline', file);
    expect(written).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^nothing found\nthe baseline/),
    });
    expect(schemaFaults(JSON.parse(readFileSync(file, 'utf8')))).toEqual([]);
    await catalog.write({ [`${NGINX}/Kraftfile`]: '\n# moved\nname: nginx\n' });
    const known = await run('check', catalog.path, '--baseline', file);
    expect(known.exitCode).toBe(0);
    expect(known.stdout).toMatch(/^nothing found\nthe baseline contains \d+ more\n$/);
    await catalog.write({ [`${NGINX}/Kraftfile`]: CLEAN[`${NGINX}/Kraftfile`] as string });
    expect((await run('check', catalog.path, '--baseline', file)).stdout).toMatch(
      /\n\d+ findings? of the baseline (?:is|are) gone: --write-baseline writes it again\n$/,
    );
    expect(
      (await run('check', catalog.path, '--baseline', file, '--skip', 'link-dead')).stdout,
    ).not.toContain('gone');
    await catalog.write({ [`${NGINX}/Kraftfile`]: renamed('node') });
    const fresh = JSON.parse((await run('check', '--json', catalog.path, '--baseline', file)).stdout);
    expect(fresh.findings).toMatchObject([{ code: 'name-mismatch' }]);
  });

  test.each(['nothing', '[]', '{"schema":"kraft-slim/baseline/1","findings":[{"count":0}]}'])(
    'exits with 2 for a file with %s',
    async (text) => {
      await using catalog = await catalogOf(CLEAN);
      const file = join(catalog.path, 'none.json');
      writeFileSync(file, text);
      const { exitCode, stdout } = await run('check', '--json', '--baseline', file, catalog.path);
      expect(exitCode).toBe(2);
      expect(JSON.parse(stdout)).toMatchObject({ code: 'usage', message: expect.stringContaining(file) });
    },
  );
});

describe('check --fix', () => {
  test('fixes what git has and says so; the second time it fixes nothing', async () => {
    await using catalog = await catalogOf(without(WRONG_NAME, `${NGINX}/.gitignore`));
    const { exitCode, stdout } = await run('check', '--fix', catalog.path);
    expect({ exitCode, stdout }).toEqual({
      exitCode: 0,
      stdout: `fixed ${NGINX}/.gitignore, ${NGINX}/Kraftfile\n\nnothing found\n`,
    });
    expect(await catalog.read(`${NGINX}/Kraftfile`)).toBe(renamed('nginx'));
    expect(await catalog.read(`${NGINX}/.gitignore`)).toBe('/.unikraft/\n/.config*\n');
    const before = await catalog.stamp(`${NGINX}/Kraftfile`);
    expect((await run('check', '--fix', catalog.path)).stdout).toBe('nothing found\n');
    expect(await catalog.stamp(`${NGINX}/Kraftfile`)).toEqual(before);
  });

  test('overwrites no change that git has nowhere, and then nothing at all, unless it is forced', async () => {
    await using catalog = await catalogOf({ ...CLEAN, [`${NGINX}/.gitignore`]: '/.config*\n' });
    await catalog.write({ [`${NGINX}/Kraftfile`]: renamed('node') });
    const refused = await run('check', '--fix', '--json', catalog.path);
    expect(refused.exitCode).toBe(2);
    expect(JSON.parse(refused.stdout)).toMatchObject({ code: 'would-overwrite' });
    expect(await catalog.read(`${NGINX}/Kraftfile`)).toBe(renamed('node'));
    expect(await catalog.read(`${NGINX}/.gitignore`)).toBe('/.config*\n');
    expect(await run('check', '--fix', '--force', catalog.path)).toMatchObject({ exitCode: 0 });
    expect(await catalog.read(`${NGINX}/Kraftfile`)).toBe(renamed('nginx'));
    expect(existsSync(join(catalog.path, `${NGINX}/Kraftfile.orig`))).toBe(false);
  });
});

/** What fixtures are there for: a script as the command, and the forms that a rewritten Dockerfile has to keep. */
const INTENDED = [
  ['examples/helloworld-wrapper', 'cmd-script'],
  ['examples/nginx1.22-hand', 'syntax-line'],
  ['examples/nginx1.22-hand', 'from-as-case'],
];

test('in the catalog of fixtures nothing is found but what they are about', async () => {
  const { stdout } = await run('check', '--json', join(import.meta.dirname, '../../catalog-fixtures'));
  const { findings } = JSON.parse(stdout) as { findings: { entry: string; code: string }[] };
  const [kernels, others] = [/^kconfig-/, /^(?!kconfig-)/].map((kind) =>
    findings.filter(({ code }) => kind.test(code)),
  );
  expect(others?.map(({ entry, code }) => [entry, code])).toEqual(INTENDED);
  // the kernels of library entries have the options of their time
  expect(kernels?.filter(({ entry }) => !entry.startsWith('library/'))).toEqual([]);
});
