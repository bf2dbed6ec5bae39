import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
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
