import { expect, test } from 'vitest';
import { scopeOfTests, takeScope } from '../support/scope.ts';

test('two suites at work have two scopes, and the next suite takes a scope that is free', async () => {
  const run = `${scopeOfTests()}-take`;
  const first = await takeScope(run);
  await using second = await takeScope(run);
  expect([first.name, second.name]).toEqual([`${run}-w1`, `${run}-w2`]);
  await first[Symbol.asyncDispose]();
  await using third = await takeScope(run);
  expect(third.name).toBe(`${run}-w1`);
});
