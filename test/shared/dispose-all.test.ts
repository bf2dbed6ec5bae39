import { expect, test } from 'vitest';
import { disposeAll } from '../../src/shared/dispose-all.ts';

test('all are disposed of, once, also where one cannot be', async () => {
  const gone: string[] = [];
  const one = (name: string, fails = false): AsyncDisposable => ({
    [Symbol.asyncDispose]: async () => {
      gone.push(name);
      if (fails) throw new Error(`${name} stays`);
    },
  });
  const opened = [one('a'), one('b', true), one('c')];
  await expect(disposeAll(opened)).rejects.toThrow('b stays');
  expect(gone.sort()).toEqual(['a', 'b', 'c']);
  await disposeAll(opened);
  expect(gone).toHaveLength(3);
});
