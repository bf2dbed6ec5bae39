import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Result } from '../../src/slim/result.ts';
import { type Catalog, fixtureCatalog } from '../support/catalog.ts';
import { runEntry } from '../support/run-entry.ts';
import { type SlimmedFixtures, SWEEP_MS, slimmedFixtures } from '../support/swept-fixtures.ts';

const DRIFTED = [
  ['examples/drifted-soname', 'libgreeting.so.1', 'libgreeting.so.2', 4],
  ['examples/drifted-data', 'neptune.txt', '/usr/share/moons/mars.txt', 4],
] as const;
const SEEN = [
  ['examples/plugin-env', '/usr/lib/greeter/french.so', '/usr/lib/greeter/english.so'],
  ['examples/stat-only', '/etc/lamp/lit', '/etc/passwd'],
] as const;

let original: Catalog;
let catalog: Catalog;
let resultOf: SlimmedFixtures['resultOf'];
beforeAll(async () => {
  original = await fixtureCatalog();
  ({ catalog, resultOf } = await slimmedFixtures([...DRIFTED, ...SEEN].map(([entry]) => entry)));
}, SWEEP_MS);
afterAll(async () => {
  await original[Symbol.asyncDispose]();
  await catalog[Symbol.asyncDispose]();
});

const codesOf = ({ warnings }: Result) => warnings.map(({ code }) => code);

/** The text of the final stage. */
const finalStageOf = async (entry: string) => {
  const text = await catalog.read(`${entry}/Dockerfile`);
  return text.slice(text.lastIndexOf('\nFROM '));
};

describe('an entry that upstream has left behind is repaired', () => {
  test.each(DRIFTED)('%s: without %s, and with %s', async (entry, dead, brought, files) => {
    const above = (await original.read(`${entry}/Dockerfile`)).split('FROM scratch')[0];
    const mended = resultOf(entry);
    expect(mended).toMatchObject({
      code: null,
      status: 'slimmed',
      verified: true,
      repaired: true,
      before: null,
    });
    expect(codesOf(mended)).toContain('drifted');
    const stage = await finalStageOf(entry);
    expect(stage).not.toContain(dead);
    expect(stage).toContain(brought);
    expect(mended.after?.files).toBe(files);
    const text = await catalog.read(`${entry}/Dockerfile`);
    expect(text.slice(0, above?.length)).toBe(above);

    const again = await runEntry(catalog, entry);
    expect(again).toMatchObject({ exitCode: 0, status: 'unchanged', verified: true, written: [] });
    expect(await catalog.read(`${entry}/Dockerfile`)).toBe(text);
  });
});

describe('what the analyses see is kept without a search:', () => {
  test.each(SEEN)('%s keeps %s and not %s', async (entry, kept, dropped) => {
    const result = resultOf(entry);
    expect(result).toMatchObject({ status: 'slimmed', verified: true, repaired: false });
    expect(result.search?.oracleRuns).toBe(0);
    const stage = await finalStageOf(entry);
    expect(stage).toContain(kept);
    expect(stage).not.toContain(dropped);
  });
});
