import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Catalog, catalogOf } from '../support/catalog.ts';
import { ownedBy } from '../support/docker.ts';
import { APP, smallEntry } from '../support/small-entry.ts';
import { startInTerminal } from '../support/terminal.ts';

const CTRL_C = '\u0003';
const RESUME = 'run the same command again to resume';

let catalog: Catalog;
beforeAll(async () => {
  const sleeps = smallEntry({ cmd: ['/bin/sleep', '600'] });
  const other = Object.entries(sleeps).map(([name, text]) => [name.replace(APP, 'examples/other'), text]);
  catalog = await catalogOf({ ...sleeps, ...Object.fromEntries(other) });
});
afterAll(() => catalog[Symbol.asyncDispose]());

describe.each([
  ['an entry', [APP], /running the app on/, 1],
  ['a sweep', ['sweep'], /running the app on/, 2],
])('Ctrl-C in a terminal, in a run over %s', (_, args, step, of) => {
  test('leaves nothing in the engine, and the terminal whole', async () => {
    const run = startInTerminal(args, { cwd: catalog.path });
    await run.shows(step);
    const pid = await run.pid();
    await sleep(1000);
    run.type(CTRL_C);
    const { exitCode, screen } = await run.ended;
    expect(exitCode).toBe(130);
    expect(screen.lines.at(-1)).toBe(`interrupted; 0 of ${of} entries done; ${RESUME}`);
    expect(screen.isCursorVisible).toBe(true);
    // spinners and counts are gone
    expect(screen.lines.filter((line) => /^\S? ?examples.* s$|^\d+ of \d+ /.test(line))).toEqual([]);
    expect(await ownedBy(pid)).toEqual([]);
    expect(await catalog.status()).toEqual([]);
  });
});

test('a second Ctrl-C ends the process at once, with the cursor there', async () => {
  const run = startInTerminal([APP], { cwd: catalog.path });
  await run.shows(/running the app on/);
  run.type(CTRL_C);
  await sleep(20);
  run.type(CTRL_C);
  const { exitCode, screen } = await run.ended;
  expect(exitCode).toBe(130);
  expect(screen.isCursorVisible).toBe(true);
});
