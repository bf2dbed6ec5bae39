import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Catalog } from '../support/catalog.ts';
import { runCli, runJson } from '../support/cli.ts';
import { schemaFaults } from '../support/schemas.ts';
import { APP } from '../support/small-entry.ts';
import { tinyCatalog } from '../support/tiny-catalog.ts';

async function expectUnwritten(catalog: Catalog): Promise<void> {
  expect(await catalog.status()).toEqual([]);
  expect(existsSync(join(catalog.path, '.kraft-slim'))).toBe(false);
}

describe('a dry run with --exit-code', () => {
  let catalog: Catalog;
  beforeAll(async () => {
    catalog = await tinyCatalog();
  });
  afterAll(() => catalog[Symbol.asyncDispose]());
  const dryRun = () => runCli(['--dry-run', '--exit-code', APP], { cwd: catalog.path });

  // the tests follow one another
  test('writes nothing and ends with 1, and git can apply the diff that it shows: that is what a run writes', async () => {
    const { exitCode, stdout } = await dryRun();
    expect(exitCode).toBe(1);
    await expectUnwritten(catalog);

    const diff = stdout.slice(stdout.indexOf('--- '));
    expect(diff).toMatch(/^--- a\/examples\/app\/Dockerfile\n\+\+\+ b\/examples\/app\/Dockerfile\n@@ /);
    await using other = await tinyCatalog();
    execFileSync('git', ['apply'], { cwd: other.path, input: diff });

    expect((await runCli([APP], { cwd: catalog.path })).exitCode).toBe(0);
    expect(await catalog.read(`${APP}/Dockerfile`)).toBe(await other.read(`${APP}/Dockerfile`));
  });

  test('ends with 0 where nothing would change, and shows no diff', async () => {
    const { exitCode, stdout } = await dryRun();
    expect(exitCode).toBe(0);
    expect(stdout).not.toContain('--- a/');
  });
});

test('a dry run in JSON says what would be written, as if it were', async () => {
  await using catalog = await tinyCatalog();
  const { exitCode, document } = await runJson(['--dry-run', APP], { cwd: catalog.path });
  expect(schemaFaults(document)).toEqual([]);
  expect({ exitCode, ...document }).toMatchObject({
    exitCode: 0,
    status: 'slimmed',
    verified: true,
    written: ['Dockerfile'],
  });
  await expectUnwritten(catalog);
});

test('a dry run shows a Dockerfile with changes that git has nowhere too: it overwrites nothing', async () => {
  await using catalog = await tinyCatalog();
  await catalog.write({ [`${APP}/Dockerfile`]: (text) => `${text}# not committed\n` });
  const { exitCode, stdout } = await runCli(['--dry-run', APP], { cwd: catalog.path });
  expect({ exitCode, stdout }).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining('+FROM scratch'),
  });
});
