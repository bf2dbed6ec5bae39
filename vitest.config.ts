import { defineConfig } from 'vitest/config';

/** Tests sign what they remember by this key, so that they leave none in the user's home. */
const STATE_KEY = 'a-key-of-the-tests-alone-0123456789';

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          env: { KRAFT_SLIM_STATE_KEY: STATE_KEY },
          include: ['test/**/*.test.ts'],
          exclude: ['test/**/*.engine.test.ts', 'test/**/*.shared.test.ts'],
          // only a test that hangs is to be stopped: a busy machine is no fault
          testTimeout: 120_000,
        },
      },
      {
        test: {
          // what reads files beside the clone
          name: 'shared',
          include: ['test/**/*.shared.test.ts'],
          globalSetup: ['test/search/require-shared.ts'],
          testTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'engine',
          env: { KRAFT_SLIM_STATE_KEY: STATE_KEY },
          include: ['test/**/*.engine.test.ts'],
          globalSetup: ['test/engine/require-engine.ts'],
          fileParallelism: false,
          testTimeout: 900_000,
          hookTimeout: 600_000,
        },
      },
    ],
  },
});
