import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Catalog, catalogOf } from '../support/catalog.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../support/temporary-directory.ts';

const ROOT = join(import.meta.dirname, '../..');
const { optionalDependencies } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as {
  optionalDependencies: Record<string, string>;
};

let top: TemporaryDirectory;
let catalog: Catalog;
beforeAll(async () => {
  top = await temporaryDirectory();
  for (const name of ['dist', 'templates', 'package.json'])
    await cp(join(ROOT, name), join(top.path, name), { recursive: true });
  await mkdir(join(top.path, 'node_modules'));
  for (const name of await readdir(join(ROOT, 'node_modules'))) {
    if (!(name in optionalDependencies))
      await symlink(join(ROOT, 'node_modules', name), join(top.path, 'node_modules', name));
  }
  catalog = await catalogOf({ 'native/a/Kraftfile': 'spec: v0.6\nname: a\n' });
});
afterAll(async () => {
  await top?.[Symbol.asyncDispose]();
  await catalog?.[Symbol.asyncDispose]();
});

/** Runs the built command of a package that was installed without its optional packages. */
async function run(...args: string[]) {
  const words = [join(top.path, 'dist/cli/bin.js'), ...args];
  return await promisify(execFile)(process.execPath, words, { cwd: catalog.path }).then(
    ({ stdout }) => ({ exitCode: 0, document: JSON.parse(stdout) as object }),
    ({ code, stdout }) => ({ exitCode: code as number, document: JSON.parse(stdout) as object }),
  );
}

test.each([['sweep'], ['worker']])(
  '%s over a queue names the package that is not installed',
  async (verb) => {
    expect(await run(verb, '--queue', 'redis://127.0.0.1:1', '--json')).toEqual({
      exitCode: 2,
      document: {
        schema: 'kraft-slim/error/1',
        code: 'usage',
        message: 'cannot use a queue: the package bullmq is not installed',
        hint: 'install kraft-slim again, without --omit=optional',
      },
    });
  },
);

test('a sweep without a queue needs none of these packages', async () => {
  expect(Object.keys(optionalDependencies)).toEqual(['bullmq', 'ioredis']);
  expect(await run('sweep', '--json')).toMatchObject({
    exitCode: 0,
    document: { results: [{ entry: 'native/a', status: 'skipped' }] },
  });
});
