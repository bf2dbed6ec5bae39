import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { SEED } from './samples.ts';

/**
 * Gives every property of fast-check the seed of the run, so that a landing does not depend on chance; the soak draws
 * others. Loaded before each unit test file, and fast-check only where the file uses it, since it takes a tenth of a second.
 */
const { testPath } = expect.getState();
if (testPath !== undefined && readFileSync(testPath, 'utf8').includes("from 'fast-check'")) {
  const { default: fc } = await import('fast-check');
  fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: SEED });
}
