import { execFile, execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { drawSome, samples } from '../support/samples.ts';

const SCRIPT = join(import.meta.dirname, 'read-hostile.mjs');
const READERS = JSON.parse(execFileSync(process.execPath, [SCRIPT], { encoding: 'utf8' })) as string[];

/** What takes seconds for a hundred texts of this length takes days where time is quadratic in it. */
const LENGTH = samples({ ci: 2 ** 16, soak: 2 ** 20 });
const LIMIT_MS = samples({ ci: 100_000, soak: 600_000 });

/** Each of them in the soak, else some that are drawn. */
const SOME = drawSome(READERS, { ci: 15, soak: READERS.length });

test.each(SOME)('%s: each hostile text is read or refused', async (name) => {
  const options = { timeout: LIMIT_MS, maxBuffer: 2 ** 20 };
  const run = promisify(execFile)(
    process.execPath,
    ['--max-old-space-size=1024', SCRIPT, name, String(LENGTH)],
    options,
  );
  const { stdout } = await run.catch((error: { killed: boolean; stdout: string; stderr: string }) => {
    const last = error.stdout.trimEnd().split('\n').at(-1);
    throw new Error(
      `${error.killed ? 'ended by its time limit' : 'failed'} after ${last}: ${error.stderr.slice(-2000)}`,
    );
  });
  expect(stdout.split('\n').length).toBeGreaterThan(50);
});
