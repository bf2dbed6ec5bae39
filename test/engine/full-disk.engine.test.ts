import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { randomOf } from '../../src/search/random.ts';
import { type Catalog, catalogOf } from '../support/catalog.ts';
import { runCli } from '../support/cli.ts';
import { SEED, samples } from '../support/samples.ts';
import { schemaFaults } from '../support/schemas.ts';
import { runOnSmallDisk, type SmallDiskRun } from '../support/small-disk.ts';
import { APP, smallEntry } from '../support/small-entry.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../support/temporary-directory.ts';
import { tinyCatalog } from '../support/tiny-catalog.ts';

const DOCKERFILE = `${APP}/Dockerfile`;

/** A page of a tmpfs: each file takes at least one. */
const PAGE_KIB = 4;
/** With so many pages free a run can write all that it writes to a catalog and its state. */
const ENOUGH_PAGES = 16;

let temporary: TemporaryDirectory;
let original: string;
let slimmed: string;
beforeAll(async () => {
  temporary = await temporaryDirectory();
  await using catalog = await tinyCatalog();
  original = await catalog.read(DOCKERFILE);
  const { exitCode, stderr } = await runCli([APP], { cwd: catalog.path });
  expect(exitCode, stderr).toBe(0);
  slimmed = await catalog.read(DOCKERFILE);
  for (const name of ['disk', 'tmp']) await mkdir(join(temporary.path, name));
});
afterAll(() => temporary[Symbol.asyncDispose]());

const disk = () => join(temporary.path, 'disk');
const environment = () => ({ TMPDIR: join(temporary.path, 'tmp') });

/** Each number of free pages in the soak, else some of them: none, and others that are drawn. */
function freePages(): number[] {
  const all = Array.from({ length: ENOUGH_PAGES + 1 }, (_, pages) => pages);
  const count = samples({ ci: 2, soak: all.length });
  const random = randomOf(SEED);
  return count === all.length
    ? all
    : [0, ...Array.from({ length: count - 1 }, () => 1 + Math.floor(random() * 7))];
}

/** The entry as before with `disk-full`, or verified and new. Gives which. */
function expectWhole(
  { exitCode, stdout, stderr }: SmallDiskRun,
  text: string,
  before = original,
): 'before' | 'new' {
  const document = JSON.parse(stdout) as Record<string, unknown>;
  expect(schemaFaults(document)).toEqual([]);
  if (exitCode === 0) {
    expect(document).toMatchObject({ status: 'slimmed', verified: true });
    expect(text).toBe(slimmed);
    return 'new';
  }
  expect(exitCode, `${stdout}\n${stderr}`).toBe(2);
  expect(document.code).toBe('disk-full');
  expect(document.reason ?? document.message).toMatch(/^cannot write \S+: no space is left on the device$/);
  expect(document.hint).toMatch(/TMPDIR/);
  expect(text).toBe(before);
  return 'before';
}

describe('a full disk leaves the entry as before or verified, and says what is full', () => {
  test.each(freePages())('of the catalog, with %i pages free', async (pages) => {
    await using catalog = await tinyCatalog();
    const small = { at: disk(), holds: catalog.path, sizeKiB: 32 * 1024, freeKiB: pages * PAGE_KIB };
    await using run = await runOnSmallDisk([APP, '--json'], small, {
      cwd: temporary.path,
      env: environment(),
    });
    const which = expectWhole(run, await run.read(DOCKERFILE));
    expect(run.status).toEqual(which === 'new' ? [` M ${DOCKERFILE}`] : []);
    if (pages === 0) expect(which).toBe('before');
    if (pages === ENOUGH_PAGES) expect(which).toBe('new');
  });

  const keepState = async (catalog: Catalog, pages: number, ...args: string[]) =>
    await runOnSmallDisk(
      [...args, '--json', '--state', join(disk(), 'state')],
      { at: disk(), holds: null, sizeKiB: 1024, freeKiB: pages * PAGE_KIB },
      { cwd: catalog.path, env: environment() },
    );

  test.each(freePages())('of state, with %i pages free, costs a warning alone', async (pages) => {
    await using catalog = await tinyCatalog();
    await using run = await keepState(catalog, pages, APP);
    expect(expectWhole(run, await catalog.read(DOCKERFILE))).toBe('new');
    const { warnings } = JSON.parse(run.stdout) as { warnings: { code: string }[] };
    const isKept = run.names.some((name) => name.startsWith('./state/units/') && name.endsWith('.json'));
    expect(warnings.some(({ code }) => code === 'state-not-kept')).toBe(!isKept);
    if (pages === 0) expect(isKept).toBe(false);
  });

  test.each(freePages())('of state, with %i pages free, loses no result of a sweep', async (pages) => {
    await using catalog = await tinyCatalog();
    await using run = await keepState(catalog, pages, 'sweep');
    const document = JSON.parse(run.stdout) as { results?: { status: string }[]; code?: string };
    expect(schemaFaults(document as { schema: string })).toEqual([]);
    if (document.results === undefined) {
      // a sweep that cannot begin its journal works on nothing
      expect(run.exitCode).toBe(2);
      expect(document.code).toBe('disk-full');
      expect(await catalog.status()).toEqual([]);
    } else {
      expect(run.exitCode, run.stderr).toBe(0);
      expect(document.results).toMatchObject([{ status: 'slimmed', verified: true }]);
      expect(await catalog.read(DOCKERFILE)).toBe(slimmed);
    }
  });

  /** The root file system of Debian takes more than 100 MiB, and is spooled whole. */
  test.each(
    samples({ ci: 1, soak: 0 }) === 1
      ? [0, 30 * 1024]
      : [0, 4, 1024, 10 * 1024, 30 * 1024, 60 * 1024, 90 * 1024],
  )('of temporary files, with %i KiB free', async (freeKiB) => {
    await using catalog = await catalogOf(smallEntry());
    const before = await catalog.read(DOCKERFILE);
    await using run = await runOnSmallDisk(
      [APP, '--json'],
      { at: disk(), holds: null, sizeKiB: freeKiB + 64, freeKiB },
      { cwd: catalog.path, env: { TMPDIR: disk() } },
    );
    expect(expectWhole(run, await catalog.read(DOCKERFILE), before)).toBe('before');
    expect(run.names).toEqual(['.']);
    expect(await catalog.status()).toEqual([]);
  });
});
