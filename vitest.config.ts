import { defineConfig } from 'vitest/config';
import { scopeOfTests } from './test/support/scope.ts';

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          // as if no scope was named
          env: { KRAFT_SLIM_SCOPE: '' },
          include: ['test/**/*.test.ts'],
          exclude: ['test/**/*.engine.test.ts'],
          // only a test that hangs is to be stopped: a busy machine is no fault
          testTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'engine',
          env: { KRAFT_SLIM_SCOPE: scopeOfTests() },
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
