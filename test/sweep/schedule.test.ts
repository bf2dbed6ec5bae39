import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { CatalogEntry } from '../../src/sweep/catalog-entry.ts';
import { schedule } from '../../src/sweep/schedule.ts';
import { aDelta, anEntry } from './catalog.ts';

type Course = { readonly begun: string[]; readonly ended: string[]; readonly most: number };

/** Works on entries for the given milliseconds each, and tells what was begun and ended in which order. */
async function course(
  entries: readonly CatalogEntry[],
  times: Readonly<Record<string, number>>,
  { jobs, signal = new AbortController().signal }: { jobs: number; signal?: AbortSignal },
): Promise<Course> {
  const begun: string[] = [];
  const ended: string[] = [];
  let most = 0;
  await schedule(
    entries,
    async ({ name }) => {
      begun.push(name);
      most = Math.max(most, begun.length - ended.length);
      await sleep(times[name] ?? 1);
      ended.push(name);
    },
    { jobs, signal },
  );
  return { begun, ended, most };
}

const NODE = anEntry('library/node/18');
const EXPRESS = aDelta('examples/express', NODE.name);
const OTHERS = ['a', 'b', 'c', 'd'].map((name) => anEntry(name));

test('a delta is begun as soon as its library entry is done, before what else there is', async () => {
  const { begun, most } = await course(
    [NODE, EXPRESS, ...OTHERS],
    { [NODE.name]: 60, a: 40, b: 40, c: 40, d: 40 },
    { jobs: 2 },
  );
  expect(begun).toEqual([NODE.name, 'a', 'b', EXPRESS.name, 'c', 'd']);
  expect(most).toBe(2);
});

test('a delta whose library entry comes later, or not at all, is worked on as well', async () => {
  expect((await course([EXPRESS, NODE], {}, { jobs: 2 })).begun).toEqual([NODE.name, EXPRESS.name]);
  expect((await course([EXPRESS, ...OTHERS], {}, { jobs: 1 })).begun[0]).toBe(EXPRESS.name);
});

test('nothing is begun after an abort, and what is under way is finished', async () => {
  const stop = new AbortController();
  setTimeout(() => stop.abort(), 20);
  const { begun, ended } = await course(OTHERS, { a: 50 }, { jobs: 1, signal: stop.signal });
  expect(begun).toEqual(['a']);
  expect(ended).toEqual(['a']);
});

test('a failure keeps none of the others, and is thrown at the end', async () => {
  const done: string[] = [];
  const failing = schedule(
    [NODE, EXPRESS, ...OTHERS],
    async ({ name }) => {
      if (name === NODE.name) throw new Error('defect');
      done.push(name);
    },
    { jobs: 2, signal: new AbortController().signal },
  );
  await expect(failing).rejects.toThrow('defect');
  expect(done.sort()).toEqual(['a', 'b', 'c', 'd', EXPRESS.name].sort());
});
