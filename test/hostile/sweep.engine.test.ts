import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import type { Result } from '../../src/slim/result.ts';
import { SECRET, snapshot } from '../support/canaries.ts';
import { CLI, runCli } from '../support/cli.ts';
import { goodNames, hostileCatalog } from '../support/hostile-catalog.ts';
import { drawSome, samples } from '../support/samples.ts';
import { schemaFaults } from '../support/schemas.ts';
import { expectPlain } from './plain-output.ts';
import { HOSTILE_ROWS } from './rows/all.ts';
import { LIMIT_ROWS } from './rows/limits.ts';
import { foreignCalls } from './trace.ts';

const isSoak = samples({ ci: 0, soak: 1 }) === 1;
/** Rows about limits take most of the time: some of them in CI. */
const LIMITS = new Set(drawSome(LIMIT_ROWS, { ci: 8, soak: LIMIT_ROWS.length }));
const ROWS = HOSTILE_ROWS.filter(
  (row) => isSoak || (row.soak !== true && (!LIMIT_ROWS.includes(row) || LIMITS.has(row))),
);
const GOOD = samples({ ci: 4, soak: 20 });

/** What a sweep may take at any moment, its workers included. */
const MAX_MEMORY_MIB = 300;
const PEAK_HOOK = join(import.meta.dirname, '../support/peak-memory.mjs');

/** Sweeps under strace, which follows the processes that the tool starts. */
async function tracedSweep(cwd: string, env: Readonly<Record<string, string>>, trace: string) {
  const strace = ['-f', '-y', '--seccomp-bpf', '-s', '4096', '-e', 'trace=%file,execve', '-o', trace];
  const words = [...strace, process.execPath, CLI, 'sweep', '--json'];
  const options = { cwd, env: { ...process.env, FORCE_COLOR: '0', ...env }, maxBuffer: 1 << 28 };
  const ended = await promisify(execFile)('strace', words, options).catch(
    (error: { code: number; stdout: string; stderr: string }) => error,
  );
  return { exitCode: 'code' in ended ? ended.code : 0, stdout: ended.stdout, stderr: ended.stderr };
}

function endOf({ status, code, verified }: Result): string {
  if (status !== 'slimmed') return code ?? status;
  return verified ? 'slimmed' : 'not verified';
}

test('a sweep over what strangers wrote slims what is good, and harms nothing', async () => {
  await using catalog = await hostileCatalog({ rows: ROWS, good: GOOD });
  const before = snapshot(catalog.top);
  const trace = join(catalog.top, 'trace');
  const peak = join(catalog.top, 'xdg-state/peak');
  const env = { ...catalog.env, NODE_OPTIONS: `--import=${PEAK_HOOK}`, PEAK_MEMORY_FILE: peak };
  const { exitCode, stdout, stderr } = await tracedSweep(catalog.path, env, trace);
  const document = JSON.parse(stdout) as { readonly results: readonly Result[] };
  expect(schemaFaults(document)).toEqual([]);
  expect(exitCode).toBe(1);

  const endsOf = (entry: string) => document.results.filter((one) => one.entry === entry).map(endOf);
  const surprises = ROWS.flatMap((row) => {
    const { name, tries, ends, result = `examples/${name}` } = row;
    const found = endsOf(result);
    return found.some((end) => [ends].flat().includes(end)) ? [] : [{ name, tries, ends, found }];
  });
  expect(surprises).toEqual([]);
  const good = goodNames(GOOD, ROWS).flatMap((name) => endsOf(`examples/${name}`));
  expect(good).toEqual(Array(GOOD).fill('slimmed'));

  expectPlain(stderr);
  for (const text of [stdout, stderr]) expect(text).not.toContain(SECRET);
  expect(snapshot(catalog.top)).toEqual(before);
  expect(await catalog.traps.traces()).toEqual([]);
  expect(foreignCalls(await readFile(trace, 'utf8'), catalog)).toEqual([]);

  const plain = await runCli(['sweep'], { cwd: catalog.path, env: catalog.env });
  expect(plain.exitCode).toBe(1);
  expectPlain(plain.stdout);
  expectPlain(plain.stderr);
  expect(plain.stdout + plain.stderr).not.toContain(SECRET);
  expect(snapshot(catalog.top)).toEqual(before);
  expect(await catalog.traps.traces()).toEqual([]);
  const peakMib = Number(await readFile(peak, 'utf8')) / 1024;
  expect(peakMib).toBeGreaterThan(0);
  if (isSoak) expect(peakMib).toBeLessThan(MAX_MEMORY_MIB);
});
