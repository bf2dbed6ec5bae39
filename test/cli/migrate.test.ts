import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { CLEAN } from '../check/clean-catalog.ts';
import { captured } from '../support/capture.ts';
import { catalogOf, type Files } from '../support/catalog.ts';
import { schemaFaults } from '../support/schemas.ts';

const HELLO = 'examples/helloworld-gcc13.2';
const README = '# Hello\n\n```console\nkraft cloud deploy -M 64 .\n```\n';
const WORKFLOW = '.github/workflows/example-hello.yaml';
const FILES: Files = {
  ...CLEAN,
  [`${HELLO}/README.md`]: README,
  [WORKFLOW]: `on: {push: {paths: ['${HELLO}/**']}}\nrun: |\n  unikraft run --metro=fra a/b\n`,
};

const run = async (...args: string[]) => {
  const { value: exitCode, ...streams } = await captured(() => main(args));
  return { exitCode, ...streams };
};
const migrateJson = async (...args: string[]) => {
  const { exitCode, stdout } = await run('migrate', '--json', ...args);
  const document = JSON.parse(stdout);
  expect(schemaFaults(document)).toEqual([]);
  return { exitCode, document };
};

afterEach(() => vi.restoreAllMocks());

test('writes the Kraftfile, the README and the workflow, and a second time nothing', async () => {
  await using catalog = await catalogOf(FILES);
  vi.spyOn(process, 'cwd').mockReturnValue(catalog.path);
  const { exitCode, document } = await migrateJson('--to', 'v0.7', join(catalog.path, HELLO));
  expect(exitCode).toBe(0);
  expect(document.results).toEqual([
    {
      entry: HELLO,
      status: 'migrated',
      code: null,
      reason: null,
      written: [`${HELLO}/Kraftfile`, `${HELLO}/README.md`, WORKFLOW],
      left: [],
    },
  ]);
  expect(await catalog.read(`${HELLO}/Kraftfile`)).toBe(
    (CLEAN[`${HELLO}/Kraftfile`] as string).replace('v0.6', 'v0.7'),
  );
  expect(await catalog.read(`${HELLO}/README.md`)).toContain('unikraft run --metro fra \\\n  -m 64M \\\n');
  expect(await catalog.read(WORKFLOW)).toContain('--metro=fra --image a/b');
  const before = await catalog.stamp(`${HELLO}/Kraftfile`);
  const again = await run('migrate', '--to', 'v0.7', join(catalog.path, HELLO), '--force');
  expect(again).toMatchObject({ exitCode: 0, stdout: '0 migrated, 1 unchanged, 0 kept, 0 failed\n' });
  expect(await catalog.stamp(`${HELLO}/Kraftfile`)).toEqual(before);
});

test('without a path takes the catalog of the current directory, and keeps what cannot have the form', async () => {
  await using catalog = await catalogOf(FILES);
  vi.spyOn(process, 'cwd').mockReturnValue(join(catalog.path, HELLO));
  const { exitCode, document } = await migrateJson('--to', 'erofs');
  expect(exitCode).toBe(0);
  const statuses = document.results.map(({ entry, status }: { entry: string; status: string }) => [
    entry,
    status,
  ]);
  expect(statuses).toContainEqual([HELLO, 'migrated']);
  expect(statuses).toContainEqual(['library/nginx/1.25', 'kept']);
  expect(await catalog.read('library/nginx/1.25/Kraftfile')).toBe(CLEAN['library/nginx/1.25/Kraftfile']);
  expect(await catalog.read(`${HELLO}/Kraftfile`)).toContain(
    'rootfs:\n  source: ./Dockerfile\n  type: erofs\n',
  );
});

test('--dry-run shows the diff and writes nothing', async () => {
  await using catalog = await catalogOf(FILES);
  const { exitCode, stdout } = await run('migrate', '--to', 'v0.7', '--dry-run', join(catalog.path, HELLO));
  expect(exitCode).toBe(0);
  expect(stdout).toContain(`--- a/${HELLO}/Kraftfile\n+++ b/${HELLO}/Kraftfile\n`);
  expect(stdout).toMatch(/^-spec: v0\.6\n\+spec: v0\.7$/m);
  expect(await catalog.status()).toEqual([]);
});

test('a change that git does not have is not overwritten, and nothing else of the entry is written', async () => {
  await using catalog = await catalogOf(FILES);
  await catalog.write({ [`${HELLO}/README.md`]: `${README}mine\n` });
  const { exitCode, document } = await migrateJson('--to', 'v0.7', join(catalog.path, HELLO));
  expect(exitCode).toBe(2);
  expect(document.results).toMatchObject([{ status: 'failed', code: 'would-overwrite', written: [] }]);
  expect(await catalog.read(`${HELLO}/Kraftfile`)).toBe(CLEAN[`${HELLO}/Kraftfile`]);
  expect((await migrateJson('--to', 'v0.7', '--force', join(catalog.path, HELLO))).exitCode).toBe(0);
});

test('a Kraftfile with a mistake fails alone', async () => {
  await using catalog = await catalogOf({ ...FILES, [`${HELLO}/Kraftfile`]: 'name: hello\n' });
  const { exitCode, document } = await migrateJson('--to', 'v0.7', catalog.path);
  expect(exitCode).toBe(1);
  const failed = document.results.filter(({ status }: { status: string }) => status === 'failed');
  expect(failed).toMatchObject([{ entry: HELLO, code: 'kraftfile-invalid' }]);
  expect(document.results.length).toBeGreaterThan(1);
});

test.each([
  [[], "required option '--to <form>' not specified"],
  [['--to', 'v0.8'], 'v0.8'],
  [['--to', 'v0.7', '--dry-run', '--force'], 'cannot use --force: --dry-run writes nothing'],
])('migrate %j is wrong usage', async (args, message) => {
  const { exitCode, stdout } = await run('migrate', '--json', ...args);
  expect(exitCode).toBe(2);
  expect(JSON.parse(stdout)).toMatchObject({ code: 'usage', message: expect.stringContaining(message) });
});
