import { rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readUnit } from '../../../src/entry/read-unit.ts';
import type { RootfsUnit } from '../../../src/entry/unit.ts';
import { emptyResult, type Result } from '../../../src/slim/result.ts';
import { hashOf, readState, type UnitState } from '../../../src/slim/state/state.ts';
import { applyResult } from '../../../src/sweep/queue/apply-result.ts';
import { type Catalog, catalogOf } from '../../support/catalog.ts';
import { APP, smallEntry } from '../../support/small-entry.ts';
import { PLAIN } from '../plain-options.ts';

const OPTIONS = PLAIN;
const RESULT: Result = { ...emptyResult(APP), status: 'slimmed', verified: true, written: ['Dockerfile'] };
const STATE: UnitState = {
  schema: 'kraft-slim/state/1',
  entry: APP,
  written: {},
  result: RESULT,
  fingerprint: 'f'.repeat(64),
  kept: [],
  missed: [],
};
const AFTER = 'FROM debian:bookworm\nFROM scratch\n';

/** Applies a result that turned the Dockerfile, as the worker had it, into another. */
async function apply(catalog: Catalog, before: string, options = OPTIONS) {
  const unit = (await readUnit(join(catalog.path, APP))) as RootfsUnit;
  const changes = [{ name: 'Dockerfile', before, after: AFTER }];
  return await applyResult(unit, { result: RESULT, changes, state: STATE }, options);
}

const textOf = (catalog: Catalog) => catalog.read(`${APP}/Dockerfile`);
const stateOf = (catalog: Catalog) => readState(join(catalog.path, '.kraft-slim'), APP);

describe('what a worker gives back', () => {
  test('is written, and remembered', async () => {
    await using catalog = await catalogOf(smallEntry());
    expect((await apply(catalog, await textOf(catalog))).result).toEqual(RESULT);
    expect(await textOf(catalog)).toBe(AFTER);
    // what the tool wrote is remembered by the word of this machine
    expect(await stateOf(catalog)).toEqual({ ...STATE, written: { Dockerfile: hashOf(AFTER) } });
  });

  test('is not written where the file was changed meanwhile, by whomever', async () => {
    await using catalog = await catalogOf(smallEntry());
    const before = await textOf(catalog);
    await catalog.write({ [`${APP}/Dockerfile`]: `${before}RUN true\n` });
    await catalog.commit();
    const { result } = await apply(catalog, before);
    expect(result).toMatchObject({ status: 'failed', code: 'would-overwrite', verified: false, written: [] });
    expect(await textOf(catalog)).toBe(`${before}RUN true\n`);
    expect(await stateOf(catalog)).toBeUndefined();
  });

  test('is not written over what git has nowhere, unless that is forced', async () => {
    await using catalog = await catalogOf(smallEntry());
    const before = `${await textOf(catalog)}RUN true\n`;
    await catalog.write({ [`${APP}/Dockerfile`]: before });
    expect((await apply(catalog, before)).result).toMatchObject({
      status: 'failed',
      code: 'would-overwrite',
    });
    expect(await textOf(catalog)).toBe(before);
    expect((await apply(catalog, before, { ...OPTIONS, force: true })).result).toEqual(RESULT);
    expect(await textOf(catalog)).toBe(AFTER);
  });

  test('that is applied a second time is refused, and changes nothing', async () => {
    await using catalog = await catalogOf(smallEntry());
    const before = await textOf(catalog);
    await apply(catalog, before);
    expect((await apply(catalog, before)).result).toMatchObject({
      status: 'failed',
      code: 'would-overwrite',
    });
    expect(await textOf(catalog)).toBe(AFTER);
  });

  test('that cannot be written keeps the code and the hint of the reason', async () => {
    await using catalog = await catalogOf(smallEntry());
    const before = await textOf(catalog);
    const unit = (await readUnit(join(catalog.path, APP))) as RootfsUnit;
    await rm(join(catalog.path, APP, 'Dockerfile'));
    await symlink('../../LICENSE', join(catalog.path, APP, 'Dockerfile'));
    await catalog.write({ LICENSE: before });
    await catalog.commit();
    const changes = [{ name: 'Dockerfile', before, after: AFTER }];
    const { result } = await applyResult(unit, { result: RESULT, changes, state: STATE }, OPTIONS);
    expect(result).toMatchObject({ status: 'failed', code: 'refused', verified: false, written: [] });
    expect(result.hint).not.toBeNull();
    expect(await catalog.read('LICENSE')).toBe(before);
  });

  test('stays slimmed where its state alone cannot be written, with a warning', async () => {
    await using catalog = await catalogOf({ ...smallEntry(), state: 'a file' });
    const options = { ...OPTIONS, stateDirectory: join(catalog.path, 'state') };
    const { result } = await apply(catalog, await textOf(catalog), options);
    expect(result).toMatchObject({ status: 'slimmed', written: ['Dockerfile'] });
    expect(result.warnings).toEqual([
      { code: 'state-not-kept', message: expect.stringContaining('it is a file') },
    ]);
    expect(await textOf(catalog)).toBe(AFTER);
  });

  test('of a dry run is shown alone', async () => {
    await using catalog = await catalogOf(smallEntry());
    const before = await textOf(catalog);
    const { changes, result } = await apply(catalog, before, { ...OPTIONS, dryRun: true });
    expect(changes).toHaveLength(1);
    expect(result).toEqual(RESULT);
    expect(await textOf(catalog)).toBe(before);
    expect(await catalog.status()).toEqual([]);
  });
});
