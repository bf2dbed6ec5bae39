import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { scopeOfTests } from '../support/scope.ts';

const ROOT = join(import.meta.dirname, '../..');

/** Every suite that samples. */
const include = readdirSync(join(ROOT, 'test'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.test.ts'))
  .map((name) => `test/${name}`)
  .filter((name) => readFileSync(join(ROOT, name), 'utf8').includes('/support/samples.ts'));

/** The full counts of all that is sampled elsewhere: see `scripts/soak.sh`. */
export default defineConfig({
  test: {
    root: ROOT,
    // the suites with an engine belong to a scope, and sign what they remember, as in every run of them
    env: { KRAFT_SLIM_STATE_KEY: 'a-key-of-the-tests-alone-0123456789', KRAFT_SLIM_SCOPE: scopeOfTests() },
    setupFiles: ['test/engine/scope-of-worker.ts'],
    // and what takes too long for every run
    include: [...include, 'test/soak/*.soak.ts'],
    globalSetup: ['test/engine/require-engine.ts', 'test/search/require-shared.ts'],
    fileParallelism: false,
    testTimeout: 3_600_000,
    hookTimeout: 3_600_000,
  },
});
