import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Catalog, catalogOf } from '../support/catalog.ts';
import { ownedBy } from '../support/docker.ts';
import { type Held, type HeldEngine, heldEngine } from '../support/held-engine.ts';
import { APP, smallEntry } from '../support/small-entry.ts';
import { startInTerminal, type TerminalRun } from '../support/terminal.ts';

const CTRL_C = '\u0003';
const RESUME = 'run the same command again to resume';

let catalog: Catalog;
beforeAll(async () => {
  const sleeps = smallEntry({ cmd: ['/bin/sleep', '600'] });
  const other = Object.entries(sleeps).map(([name, text]) => [name.replace(APP, 'examples/other'), text]);
  catalog = await catalogOf({ ...sleeps, ...Object.fromEntries(other) });
});
afterAll(() => catalog[Symbol.asyncDispose]());

let engine: HeldEngine;
beforeEach(async () => {
  engine = await heldEngine();
});
afterEach(() => engine[Symbol.asyncDispose]());

const start = (args: readonly string[]) =>
  startInTerminal(args, { cwd: catalog.path, env: { DOCKER_HOST: engine.host } });

/** Waits until a request is held; fails where the command ends without it. */
async function held(run: TerminalRun, { reached }: Held, moment: string): Promise<void> {
  const never = run.ended.then(({ screen }) => {
    throw new Error(`the command was never at ${moment}:\n${screen.lines.join('\n')}`);
  });
  await Promise.race([reached, never]);
}

/** The app, which sleeps, has started, and the command waits for its end. */
async function appRuns(run: TerminalRun): Promise<void> {
  const wait = engine.hold((request) => /^POST \/containers\/\w+\/wait$/.test(request));
  await held(run, wait, 'the wait for the app');
  wait.release();
}

describe.each([
  ['an entry', [APP], /running the app on/, 1],
  ['a sweep', ['sweep'], /running the app on/, 2],
])('Ctrl-C in a terminal, in a run over %s', (_, args, step, of) => {
  test('leaves nothing in the engine, and the terminal whole', async () => {
    const run = start(args);
    await appRuns(run);
    await run.shows(step);
    const pid = await run.pid();
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
  const run = start([APP]);
  await appRuns(run);
  // what the first Ctrl-C tidies up never ends
  const removal = engine.hold((request) => request.startsWith('DELETE /containers/'));
  run.type(CTRL_C);
  await held(run, removal, 'the removal of a container');
  run.type(CTRL_C);
  const { exitCode, screen } = await run.ended;
  expect(exitCode).toBe(130);
  expect(screen.isCursorVisible).toBe(true);
});
