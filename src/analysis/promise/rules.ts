import { authorFiles, stageDirectories, writtenData } from './author-data.ts';
import type { PromiseRule } from './rule.ts';

/** Every promise rule; the order is that of the needs. */
export const PROMISE_RULES: readonly PromiseRule[] = [writtenData, authorFiles, stageDirectories];
