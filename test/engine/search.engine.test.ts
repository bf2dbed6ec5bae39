import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Result } from '../../src/slim/result.ts';
import { type Catalog, fixtureCatalog } from '../support/catalog.ts';
import { runEntry } from '../support/run-entry.ts';

let catalog: Catalog;
beforeAll(async () => {
  catalog = await fixtureCatalog();
});
afterAll(() => catalog[Symbol.asyncDispose]());

const codesOf = ({ warnings }: Result) => warnings.map(({ code }) => code);

/** The text of the final stage. */
const finalStageOf = async (entry: string) => {
  const text = await catalog.read(`${entry}/Dockerfile`);
  return text.slice(text.lastIndexOf('\nFROM '));
};

describe('an entry that upstream has left behind is mended', () => {
  test.each([
    ['examples/drifted-soname', 'libgreeting.so.1', 'libgreeting.so.2', 4],
    ['examples/drifted-data', 'neptune.txt', '/usr/share/moons/mars.txt', 4],
  ])('%s: without %s, and with %s', async (entry, dead, brought, files) => {
    const above = (await catalog.read(`${entry}/Dockerfile`)).split('FROM scratch')[0];
    const mended = await runEntry(catalog, entry);
    expect(mended).toMatchObject({
      exitCode: 0,
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
  test.each([
    ['examples/plugin-env', '/usr/lib/greeter/french.so', '/usr/lib/greeter/english.so'],
    ['examples/stat-only', '/etc/lamp/lit', '/etc/passwd'],
  ])('%s keeps %s and not %s', async (entry, kept, dropped) => {
    const result = await runEntry(catalog, entry);
    expect(result).toMatchObject({ status: 'slimmed', verified: true, repaired: false });
    expect(result.search?.oracleRuns).toBe(0);
    const stage = await finalStageOf(entry);
    expect(stage).toContain(kept);
    expect(stage).not.toContain(dropped);
  });
});
