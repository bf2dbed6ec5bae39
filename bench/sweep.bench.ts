import { execFile } from 'node:child_process';
import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { discoverEntries } from '../src/sweep/discover.ts';
import { runCli } from '../test/support/cli.ts';
import { temporaryDirectory } from '../test/support/temporary-directory.ts';
import { generateCatalog, rememberAll, sweepOnly } from '../test/sweep/generated.ts';

const tell = (text: string) => process.stdout.write(`${text}\n`);

async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return (performance.now() - begun) / 1000;
}

test('a sweep of the fixtures beside the sum of single runs, with the same caches, and once more', async () => {
  await using top = await temporaryDirectory();
  const cwd = join(top.path, 'catalog');
  const fresh = async () => {
    await rm(cwd, { recursive: true, force: true });
    await cp('catalog-fixtures', cwd, { recursive: true });
  };
  const succeed = async (args: string[]) => {
    const { exitCode, stderr } = await runCli([...args, '--quiet'], { cwd });
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  };
  await fresh();
  // fills the engine's build cache, for both sides
  await succeed(['sweep']);
  await fresh();
  const entries = await discoverEntries(cwd);
  const singles: number[] = [];
  for (const { path } of entries) singles.push(await secondsOf(() => succeed([path])));
  await fresh();
  const swept = await secondsOf(() => succeed(['sweep']));
  const again = await secondsOf(() => succeed(['sweep']));
  const sum = singles.reduce((total, seconds) => total + seconds, 0);
  tell(`\n${entries.length} fixtures`);
  tell(`  ${sum.toFixed(1).padStart(8)} s  ${entries.length} single runs`);
  tell(`  ${swept.toFixed(1).padStart(8)} s  one sweep, ${(swept / sum).toFixed(2)} x`);
  tell(`  ${again.toFixed(1).padStart(8)} s  the next sweep, all unchanged or skipped`);
});

describe('a generated catalog of which nothing has changed', () => {
  test.each([500, 1000, 2000])('of %i entries', async (count) => {
    await using top = await temporaryDirectory();
    await generateCatalog(top.path, count);
    await rememberAll(top.path);
    const before = process.memoryUsage().heapUsed;
    let peak = before;
    const timer = setInterval(() => {
      peak = Math.max(peak, process.memoryUsage().heapUsed);
    }, 20);
    let unchanged = 0;
    const seconds = await secondsOf(async () => {
      const reports = await sweepOnly(top.path);
      unchanged = reports.filter(({ result }) => result.status === 'unchanged').length;
    });
    clearInterval(timer);
    expect(unchanged).toBe(count);
    const grown = ((peak - before) / 1024 ** 2).toFixed(0);
    tell(
      `  ${count} entries: ${seconds.toFixed(2)} s, ${((1000 * seconds) / count).toFixed(2)} ms each, heap +${grown} MiB at most`,
    );
  });
});

test('how 10,000 entries and 100 workers would go', async () => {
  tell((await promisify(execFile)(process.execPath, ['bench/scale.mjs'])).stdout);
});
