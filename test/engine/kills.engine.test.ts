import { readdir, readFile, readlink, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { randomOf } from '../../src/search/random.ts';
import { isAbandoned } from '../../src/shared/process-owner.ts';
import type { Catalog } from '../support/catalog.ts';
import { labelled } from '../support/docker.ts';
import { git } from '../support/git.ts';
import { type Kill, type KilledRun, killRun } from '../support/kill-run.ts';
import { SEED, samples } from '../support/samples.ts';
import { APP } from '../support/small-entry.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../support/temporary-directory.ts';
import { tinyCatalog } from '../support/tiny-catalog.ts';

/** A polite kill ends a run in this time, on a busy machine too. */
const PATIENCE_MS = 30_000;

/** A kill comes up to so long after the request that it is drawn for, so that it meets work between requests. */
const LONGEST_DELAY_MS = 150;

/** Entries beside `APP`, so that a sweep is interrupted in several at once. */
const OTHERS = ['examples/second'];

/** The runs that are killed, by their arguments. */
const RUNS = { entry: [APP], sweep: ['sweep'] } as const;
type RunName = keyof typeof RUNS;

let catalog: Catalog;
let temporary: TemporaryDirectory;
/** What undisturbed runs came to: their requests to the engine, and each Dockerfile before and after. */
const whole = { entry: 0, sweep: 0 };
const before = new Map<string, string>();
const after = new Map<string, string>();
const outcomes: KilledRun[] = [];

const place = () => ({ cwd: catalog.path, env: { TMPDIR: temporary.path } });
const dockerfileOf = (entry: string) => catalog.read(`${entry}/Dockerfile`);

beforeAll(async () => {
  temporary = await temporaryDirectory();
  catalog = await tinyCatalog([APP, ...OTHERS]);
  for (const entry of [APP, ...OTHERS]) before.set(entry, await dockerfileOf(entry));
  for (const name of ['entry', 'sweep'] as const) {
    const run = await killRun(RUNS[name], place(), null);
    expect(run.exitCode, run.text).toBe(0);
    whole[name] = run.requests;
    for (const entry of [APP, ...OTHERS]) after.set(entry, await dockerfileOf(entry));
    await reset();
  }
  for (const entry of [APP, ...OTHERS]) expect(after.get(entry)).not.toBe(before.get(entry));
});
afterAll(async () => {
  await catalog[Symbol.asyncDispose]();
  await temporary[Symbol.asyncDispose]();
});

async function reset(): Promise<void> {
  await git(catalog.path, 'checkout', '--quiet', '--', '.');
  await rm(join(catalog.path, '.kraft-slim'), { recursive: true, force: true });
}

/**
 * What runs have left that ended: in the engine (helper images stay), among temporary files, beside the entries'
 * files. A run that still goes on is left behind too; what processes of other tests have in the engine is theirs.
 */
async function leftovers(): Promise<string[]> {
  const running = await runningIn(catalog.path);
  const inEngine = (await labelled()).filter(({ owner }) => owner.includes('/') && isAbandoned(owner));
  const spools = await readdir(temporary.path, { recursive: true });
  const waiting = (await catalog.status()).filter((line) => !/^ M \S+\/Dockerfile$/.test(line));
  return [...running, ...inEngine.map(({ kind, owner }) => `${kind} of ${owner}`), ...spools, ...waiting];
}

/** The processes with this working directory. */
async function runningIn(directory: string): Promise<string[]> {
  const found: string[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    // a process may end meanwhile
    const [cwd, words] = await Promise.all([
      readlink(`/proc/${pid}/cwd`).catch(() => ''),
      readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''),
    ]);
    if (cwd === directory) found.push(`${pid}: ${words.replaceAll('\0', ' ')}`);
  }
  return found;
}

/** Each entry is as before, or as the undisturbed run, which was verified, has written it. Gives how many are new. */
async function newEntries(): Promise<number> {
  let count = 0;
  for (const entry of [APP, ...OTHERS]) {
    const text = await dockerfileOf(entry);
    expect([before.get(entry), after.get(entry)], entry).toContain(text);
    if (text === after.get(entry)) count += 1;
  }
  return count;
}

const SIGNALS: readonly Kill['signal'][] = ['SIGKILL', 'SIGTERM', 'SIGINT'];

/** Each kind of kill in turn (12 have them all), at moments that are drawn: a part of all requests, and a delay. */
const KILLS = (() => {
  const random = randomOf(SEED);
  return Array.from({ length: samples({ ci: 12, soak: 300 }) }, (_, at) => ({
    at,
    name: (at % 4 === 3 ? 'sweep' : 'entry') satisfies RunName as RunName,
    signal: SIGNALS[at % 3] as Kill['signal'],
    terminal: Math.floor(at / 3) % 2 === 1,
    part: random(),
    delayMs: Math.floor(random() * LONGEST_DELAY_MS),
  }));
})();

describe('a kill leaves each entry as before or verified, and nothing behind', () => {
  test.each(KILLS)(
    '$at: $signal, over $name, terminal: $terminal, at $part',
    async ({ name, part, ...how }) => {
      const { at: _, ...rest } = how;
      const kill: Kill = { ...rest, request: 1 + Math.floor(part * whole[name]) };
      const run = await killRun(RUNS[name], place(), kill);
      outcomes.push(run);
      await newEntries();
      if (run.tooLate) expect(run.exitCode, run.text).toBe(0);
      else if (kill.signal !== 'SIGKILL') {
        expect(run.exitCode, run.text).toBe(130);
        expect(run.endedMs).toBeLessThan(PATIENCE_MS);
        expect(run.text).toMatch(
          /interrupted; \d of \d entr(?:y|ies) done; run the same command again to resume/,
        );
      } else {
        // the next run tidies up, and does what is left
        const next = await killRun(RUNS[name], place(), null);
        expect(next.exitCode, next.text).toBe(0);
        expect(await newEntries()).toBe(name === 'sweep' ? 1 + OTHERS.length : 1);
      }
      expect(await leftovers()).toEqual([]);
      await reset();
    },
  );

  test('most of them came in time', () => {
    const early = outcomes.filter(({ tooLate }) => !tooLate);
    expect(outcomes).toHaveLength(KILLS.length);
    expect(early.length).toBeGreaterThan(KILLS.length / 2);
  });
});
