import { authorFiles, stageDirectories, writtenData } from './author-data.ts';
import { namedPackages } from './named-packages.ts';
import type { PromiseRule } from './rule.ts';
import { standardLibrary } from './standard-library.ts';
import { wholePackages } from './whole-packages.ts';

/** Every promise rule; the order is that of the needs. */
export const PROMISE_RULES: readonly PromiseRule[] = [
  writtenData,
  authorFiles,
  stageDirectories,
  standardLibrary,
  wholePackages,
  namedPackages,
];
