import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/support/longest-first.ts';
import { scopeOfTests } from './test/support/scope.ts';

/** How many engine suites run at once: each worker has a scope of its own. */
const ENGINE_WORKERS = Number(process.env.KRAFT_SLIM_TEST_WORKERS ?? 1);

/** Tests sign what they remember by this key, so that they leave none in the user's home. */
const STATE_KEY = 'a-key-of-the-tests-alone-0123456789';

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          name: 'unit',
          sequence: { groupOrder: 0 },
          // as if no scope was named
          env: { KRAFT_SLIM_STATE_KEY: STATE_KEY, KRAFT_SLIM_SCOPE: '' },
          include: ['test/**/*.test.ts'],
          exclude: ['test/**/*.engine.test.ts', 'test/**/*.shared.test.ts'],
          setupFiles: ['test/support/seeded-properties.ts'],
          // only a test that hangs is to be stopped: a busy machine is no fault
          testTimeout: 120_000,
        },
      },
      {
        test: {
          // what reads files beside the clone
          name: 'shared',
          sequence: { groupOrder: 1 },
          include: ['test/**/*.shared.test.ts'],
          globalSetup: ['test/search/require-shared.ts'],
          testTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'engine',
          sequence: { groupOrder: 2 },
          env: { KRAFT_SLIM_STATE_KEY: STATE_KEY, KRAFT_SLIM_SCOPE: scopeOfTests() },
          include: ['test/**/*.engine.test.ts'],
          globalSetup: ['test/engine/require-engine.ts'],
          setupFiles: ['test/engine/scope-of-worker.ts'],
          fileParallelism: ENGINE_WORKERS > 1,
          maxWorkers: ENGINE_WORKERS,
          testTimeout: 900_000,
          hookTimeout: 600_000,
        },
      },
    ],
  },
});
