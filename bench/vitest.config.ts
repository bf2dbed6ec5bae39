import { defineConfig } from 'vitest/config';
import { scopeOfTests } from '../test/support/scope.ts';

/** Benchmarks run one after the other, on a machine that does nothing else; no test depends on them. */
export default defineConfig({
  test: {
    env: { KRAFT_SLIM_SCOPE: scopeOfTests() },
    include: ['bench/**/*.bench.ts'],
    globalSetup: ['test/engine/require-engine.ts'],
    fileParallelism: false,
    testTimeout: 1_800_000,
  },
});
