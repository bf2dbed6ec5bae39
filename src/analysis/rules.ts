import type { Rule } from './rule.ts';

/** Every rule; the order is that of the needs. */
export const RULES: readonly Rule[] = [];
