import { defineConfig } from 'vitest/config';

/** Benchmarks run one after the other, on a machine that does nothing else; no test depends on them. */
export default defineConfig({
  test: {
    include: ['bench/**/*.bench.ts'],
    globalSetup: ['test/engine/require-engine.ts'],
    fileParallelism: false,
    testTimeout: 1_800_000,
  },
});
