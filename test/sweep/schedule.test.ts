import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { CatalogEntry } from '../../src/sweep/catalog-entry.ts';
import { schedule } from '../../src/sweep/schedule.ts';
import { aDelta, anEntry } from './catalog.ts';

type Course = { readonly begun: string[]; readonly ended: string[]; readonly most: number };

type CourseOptions = {
  readonly jobs: number;
  readonly signal?: AbortSignal;
  /** Whether work on an entry may end, by what was begun and ended so far; by default it may. */
  readonly mayEnd?: (name: string, now: Pick<Course, 'begun' | 'ended'>) => boolean;
};

/** Works on entries, and reports what was begun and ended in which order. */
async function course(
  entries: readonly CatalogEntry[],
  { jobs, signal = new AbortController().signal, mayEnd = () => true }: CourseOptions,
): Promise<Course> {
  const begun: string[] = [];
  const ended: string[] = [];
  let most = 0;
  await schedule(
    entries,
    async ({ name }) => {
      begun.push(name);
      most = Math.max(most, begun.length - ended.length);
      do await turn();
      while (!mayEnd(name, { begun, ended }));
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
  const { begun, most } = await course([NODE, EXPRESS, ...OTHERS], {
    jobs: 2,
    mayEnd(name, { begun }) {
      if (name === NODE.name) return begun.includes('b');
      return name !== 'b' || begun.includes(EXPRESS.name);
    },
  });
  expect(begun).toEqual([NODE.name, 'a', 'b', EXPRESS.name, 'c', 'd']);
  expect(most).toBe(2);
});

test('a delta whose library entry comes later, or not at all, is worked on as well', async () => {
  expect((await course([EXPRESS, NODE], { jobs: 2 })).begun).toEqual([NODE.name, EXPRESS.name]);
  expect((await course([EXPRESS, ...OTHERS], { jobs: 1 })).begun[0]).toBe(EXPRESS.name);
});

test('nothing is begun after an abort, and what is under way is finished', async () => {
  const stop = new AbortController();
  const mayEnd = () => {
    stop.abort();
    return true;
  };
  const { begun, ended } = await course(OTHERS, { jobs: 1, signal: stop.signal, mayEnd });
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
