import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Catalog, catalogOf } from '../support/catalog.ts';
import { runCli, runJson } from '../support/cli.ts';
import { schemaFaults } from '../support/schemas.ts';
import { APP, smallEntry } from '../support/small-entry.ts';

async function expectUnwritten(catalog: Catalog): Promise<void> {
  expect(await catalog.status()).toEqual([]);
  expect(existsSync(join(catalog.path, '.kraft-slim'))).toBe(false);
}

test('a dry run writes nothing, and git can apply the diff that it shows: that is what a run writes', async () => {
  await using catalog = await catalogOf(smallEntry());
  const { exitCode, stdout } = await runCli(['--dry-run', APP], { cwd: catalog.path });
  expect(exitCode).toBe(0);
  await expectUnwritten(catalog);

  const diff = stdout.slice(stdout.indexOf('--- '));
  expect(diff).toMatch(/^--- a\/examples\/app\/Dockerfile\n\+\+\+ b\/examples\/app\/Dockerfile\n@@ /);
  execFileSync('git', ['apply'], { cwd: catalog.path, input: diff });
  const applied = await catalog.read(`${APP}/Dockerfile`);

  await using other = await catalogOf(smallEntry());
  await runCli([APP], { cwd: other.path });
  expect(await other.read(`${APP}/Dockerfile`)).toBe(applied);
});

test('a dry run in JSON says what would be written, as if it were', async () => {
  await using catalog = await catalogOf(smallEntry());
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
  await using catalog = await catalogOf(smallEntry());
  await catalog.write({ [`${APP}/Dockerfile`]: (text) => `${text}# not committed\n` });
  const { exitCode, stdout } = await runCli(['--dry-run', APP], { cwd: catalog.path });
  expect({ exitCode, stdout }).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining('+FROM scratch'),
  });
});

test('--exit-code ends with 1 where something would change, and with 0 where nothing would', async () => {
  await using catalog = await catalogOf(smallEntry());
  const dryRun = () => runCli(['--dry-run', '--exit-code', APP], { cwd: catalog.path });
  expect((await dryRun()).exitCode).toBe(1);
  expect((await runCli([APP], { cwd: catalog.path })).exitCode).toBe(0);
  const { exitCode, stdout } = await dryRun();
  expect(exitCode).toBe(0);
  expect(stdout).not.toContain('--- a/');
});
