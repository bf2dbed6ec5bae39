import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { entriesOfShard, parseShard } from '../../src/sweep/shard.ts';
import { aDelta, anEntry } from './catalog.ts';

const MANY = Array.from({ length: 400 }, (_, at) => anEntry(`examples/app-${at}`));

const divide = (entries: typeof MANY, count: number, durations: Map<string, number> | null) =>
  Array.from({ length: count }, (_, at) =>
    entriesOfShard(entries, { index: at + 1, count }, durations).map(({ name }) => name),
  );

describe('shards', () => {
  test('hold every entry once, with durations and without', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 0, max: 60 }), { maxLength: 40 }),
        fc.integer({ min: 1, max: 9 }),
        fc.option(fc.dictionary(fc.constantFrom(...MANY.map(({ name }) => name)), fc.nat())),
        (numbers, count, durations) => {
          const entries = numbers.map((at) => MANY[at] as (typeof MANY)[number]);
          const known = durations === null ? null : new Map(Object.entries(durations));
          const shards = divide(entries, count, known);
          expect(shards.flat().sort()).toEqual(entries.map(({ name }) => name).sort());
        },
      ),
    );
  });

  test('keep a library entry and what lies over it together', () => {
    const entries = [...MANY, anEntry('library/node/18'), aDelta('examples/express', 'library/node/18')];
    for (const durations of [null, new Map([['examples/express', 1e6]])]) {
      const shards = divide(entries, 7, durations);
      const at = (name: string) => shards.findIndex((names) => names.includes(name));
      expect(at('examples/express')).toBe(at('library/node/18'));
    }
  });

  test('by hash leave an entry where it is when another one goes', () => {
    const before = divide(MANY, 4, null);
    const after = divide(MANY.slice(1), 4, null);
    expect(after.map((names) => [...names])).toEqual(
      before.map((names) => names.filter((name) => name !== MANY[0]?.name)),
    );
  });

  test('by hash are of about the same number', () => {
    for (const names of divide(MANY, 4, null)) expect(names.length).toBeGreaterThan(70);
  });

  test('by duration are at most a third longer than an even division', () => {
    const durations = new Map(MANY.map(({ name }, at) => [name, at % 10 === 0 ? 60 : 5]));
    const total = [...durations.values()].reduce((sum, seconds) => sum + seconds, 0);
    for (const names of divide(MANY, 4, durations)) {
      const seconds = names.reduce((sum, name) => sum + (durations.get(name) ?? 0), 0);
      expect(seconds).toBeLessThanOrEqual((total / 4) * (4 / 3));
    }
  });

  test('take an entry without a duration for an average one', () => {
    const durations = new Map([['examples/app-0', 100]]);
    const shards = divide(MANY.slice(0, 3), 3, durations);
    expect(shards.map((names) => names.length)).toEqual([1, 1, 1]);
  });
});

describe('i/n', () => {
  test('is the shard i of n', () => {
    expect(parseShard('2/7')).toEqual({ index: 2, count: 7 });
  });

  test.each(['0/3', '4/3', '1', '1/0', '-1/3', '1/2/3', 'a/b', ''])('%j is none', (text) => {
    expect(() => parseShard(text)).toThrow('as a shard');
  });
});
