import { expect, test } from 'vitest';
import { SECRET, snapshot } from '../support/canaries.ts';
import { runCli, runJson } from '../support/cli.ts';
import { hostileCatalog } from '../support/hostile-catalog.ts';
import { drawSome } from '../support/samples.ts';
import { schemaFaults } from '../support/schemas.ts';
import { expectPlain } from './plain-output.ts';
import { HOSTILE_ROWS } from './rows/all.ts';
import { LIMIT_ROWS } from './rows/limits.ts';
import { SIZE_ROWS } from './rows/sizes.ts';

test('the catalog has many hostile entries, each with a separate name', () => {
  const names = HOSTILE_ROWS.map(({ name }) => name);
  expect(names.length).toBeGreaterThan(120);
  expect(new Set(names).size).toBe(names.length);
  // what takes time, memory, disk or a lock
  expect(LIMIT_ROWS.length + SIZE_ROWS.length).toBeGreaterThanOrEqual(40);
});

test('a check of what strangers wrote ends, shows no secret, and steers no terminal', async () => {
  const rows = drawSome(HOSTILE_ROWS, { ci: 50, soak: HOSTILE_ROWS.length });
  await using catalog = await hostileCatalog({ rows, good: 6 });
  const before = snapshot(catalog.top);
  const place = { cwd: catalog.path, env: catalog.env };
  const json = await runJson(['check'], place);
  expect(schemaFaults(json.document)).toEqual([]);
  for (const args of [['check'], ['check', '--fix']]) {
    const { exitCode, stdout, stderr } = await runCli(args, place);
    expect(exitCode).toBe(1);
    expectPlain(stdout);
    expectPlain(stderr);
    for (const text of [stdout, stderr, json.stdout]) expect(text).not.toContain(SECRET);
  }
  expect(snapshot(catalog.top)).toEqual(before);
  expect(await catalog.traps.traces()).toEqual([]);
}, 600_000);
