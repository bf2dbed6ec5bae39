import { defineConfig } from 'vitest/config';

/** Recording takes the engine and minutes, and is no test: see `record.golden.ts`. */
export default defineConfig({
  test: {
    include: ['test/world/recorded/*.golden.ts'],
    fileParallelism: false,
    testTimeout: 900_000,
    hookTimeout: 900_000,
  },
});
