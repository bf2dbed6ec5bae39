import { execFile } from 'node:child_process';
import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { discoverEntries } from '../src/sweep/discover.ts';
import { workOrder } from '../src/sweep/select.ts';
import { runCli } from '../test/support/cli.ts';
import { temporaryDirectory } from '../test/support/temporary-directory.ts';
import { generateCatalog, rememberAll, sweepOnly } from '../test/sweep/generated.ts';

const tell = (text: string) => process.stdout.write(`${text}\n`);

async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return (performance.now() - begun) / 1000;
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** The most that is in use at once while work is done, besides what was before: without garbage, in MiB. */
async function liveHeapOf(work: () => Promise<unknown>): Promise<number> {
  const used = () => {
    collectGarbage();
    return process.memoryUsage().heapUsed;
  };
  const before = used();
  let peak = before;
  const timer = setInterval(() => {
    peak = Math.max(peak, used());
  }, 200);
  await work();
  clearInterval(timer);
  return (peak - before) / 1024 ** 2;
}

test('a sweep of the fixtures beside the sum of single runs, with the same caches, and once more', async () => {
  await using top = await temporaryDirectory();
  const cwd = join(top.path, 'catalog');
  const fresh = async () => {
    await rm(cwd, { recursive: true, force: true });
    await cp('catalog-fixtures', cwd, { recursive: true });
  };
  const succeed = async (args: string[]) => {
    const { exitCode, stdout, stderr } = await runCli([...args, '--quiet'], { cwd });
    expect({ exitCode, stdout, stderr }).toMatchObject({ exitCode: 0 });
  };
  await fresh();
  // fills the engine's build cache, for both sides
  await succeed(['sweep']);
  await fresh();
  // in the order of the sweep: a library entry that comes after its deltas were slimmed is other work
  const entries = workOrder(await discoverEntries(cwd));
  const singles: number[] = [];
  for (const { name, path } of entries) {
    const seconds = await secondsOf(() => succeed([path]));
    tell(`  ${seconds.toFixed(1).padStart(8)} s  ${name}`);
    singles.push(seconds);
  }
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
    const sweepAll = async () => {
      const reports = await sweepOnly(top.path);
      expect(reports.filter(({ result }) => result.status === 'unchanged')).toHaveLength(count);
    };
    const seconds = await secondsOf(sweepAll);
    const live = await liveHeapOf(sweepAll);
    tell(
      `  ${count} entries: ${seconds.toFixed(2)} s, ${((1000 * seconds) / count).toFixed(2)} ms each, live heap at most +${live.toFixed(1)} MiB`,
    );
  });
});

test('how 10,000 entries and 100 workers would go', async () => {
  tell((await promisify(execFile)(process.execPath, ['bench/scale.mjs'])).stdout);
});
