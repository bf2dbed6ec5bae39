import { afterAll } from 'vitest';
import { takeScope } from '../support/scope.ts';

// suites that run at once leave each other alone, as clones do: what a suite makes belongs to the scope that it holds
const scope = await takeScope(process.env.KRAFT_SLIM_SCOPE ?? '');
process.env.KRAFT_SLIM_SCOPE = scope.name;
afterAll(() => scope[Symbol.asyncDispose]());
