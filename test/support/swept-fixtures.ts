import { cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { scopeOfRun } from '../../src/shared/scope.ts';
import type { Result } from '../../src/slim/result.ts';
import { lock } from '../../src/slim/state/lock.ts';
import { type Catalog, catalogAt, fixtureCatalog } from './catalog.ts';
import { runJson } from './cli.ts';
import { git } from './git.ts';
import { schemaFaults } from './schemas.ts';
import { runOfScope, sharedSweepOf } from './scope.ts';
import { temporaryDirectory } from './temporary-directory.ts';

/** A sweep of some 40 entries ends in this time. */
export const SWEEP_MS = 40 * 60_000;

/** How a sweep ended. */
export type Sweep = { readonly exitCode: number | null; readonly results: readonly Result[] };

/** A catalog of the fixtures in which some entries are slimmed, their state at hand. */
export type SlimmedFixtures = {
  readonly catalog: Catalog;
  readonly resultOf: (entry: string) => Result;
};

const shared = () => sharedSweepOf(runOfScope(scopeOfRun().name));

/** Sweeps the fixtures, and shares what became of them with the other suites of this test run. */
export async function sweepFixtures(): Promise<Sweep & { readonly catalog: Catalog }> {
  await using _ = await lockShared();
  const catalog = await fixtureCatalog();
  const { document, exitCode } = await runJson(['sweep'], { cwd: catalog.path });
  expect(schemaFaults(document)).toEqual([]);
  const sweep: Sweep = { exitCode, results: document.results as Result[] };
  const at = shared();
  const aside = `${at}.new`;
  for (const old of [at, aside]) await rm(old, { recursive: true, force: true });
  await mkdir(aside);
  await copy(catalog.path, join(aside, 'catalog'));
  await writeFile(join(aside, 'results.json'), JSON.stringify(sweep.results));
  await rename(aside, at);
  return { ...sweep, catalog };
}

/**
 * Fixtures of which these entries are slimmed and the others as they were committed: out of the sweep of this test run,
 * where a suite has made it, and else by a separate run, so that a suite works alone too.
 */
export async function slimmedFixtures(entries: readonly string[]): Promise<SlimmedFixtures> {
  const results = await sharedResults();
  if (results === null) return await slimAlone(entries);
  const directory = await temporaryDirectory();
  await copy(join(shared(), 'catalog'), directory.path);
  for (const { entry, written } of results) {
    if (entries.includes(entry) || written.length === 0) continue;
    await git(directory.path, 'checkout', '--quiet', '--', entry);
    await git(directory.path, 'clean', '--quiet', '-d', '--force', '--', entry);
  }
  return { catalog: catalogAt(directory), resultOf: resultIn(results) };
}

/** The results of the sweep of this test run, once it is over; null where no suite has made it. */
async function sharedResults(): Promise<readonly Result[] | null> {
  await using _ = await lockShared();
  const text = await readFile(join(shared(), 'results.json'), 'utf8').catch(() => null);
  return text === null ? null : (JSON.parse(text) as Result[]);
}

async function slimAlone(entries: readonly string[]): Promise<SlimmedFixtures> {
  const catalog = await fixtureCatalog();
  const { document } = await runJson(entries, { cwd: catalog.path });
  expect(schemaFaults(document)).toEqual([]);
  const results = entries.length === 1 ? [document as unknown as Result] : (document.results as Result[]);
  return { catalog, resultOf: resultIn(results) };
}

const resultIn = (results: readonly Result[]) => (entry: string) => {
  const found = results.find((result) => result.entry === entry);
  if (found === undefined) throw new Error(`the sweep of the fixtures has no result of ${entry}`);
  return found;
};

async function lockShared(): Promise<AsyncDisposable> {
  const busy = () => new Error('the sweep of the fixtures, which another suite makes, does not end');
  return await lock(`${shared()}.lock`, { busy, waitMs: SWEEP_MS });
}

/** Links stay as they are, and times, which are part of what a build takes. */
async function copy(from: string, to: string): Promise<void> {
  await cp(from, to, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
}
