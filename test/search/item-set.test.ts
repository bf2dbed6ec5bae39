import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ItemSet } from '../../src/search/item-set.ts';

const UNIVERSE = 70;
const someItems = fc.uniqueArray(fc.nat(UNIVERSE - 1));
const setOf = (items: readonly number[]) => {
  const kept = new Set(items);
  return ItemSet.all(UNIVERSE).without(
    Array.from({ length: UNIVERSE }, (_, item) => item).filter((item) => !kept.has(item)),
  );
};

describe('a set of items', () => {
  test('has what it was made of, in order', () => {
    fc.assert(
      fc.property(someItems, (items) => {
        const set = setOf(items);
        expect([...set]).toEqual([...items].sort((a, b) => a - b));
        expect(set.size).toBe(items.length);
        expect(items.every((item) => set.has(item))).toBe(true);
      }),
    );
  });

  test('loses what is left out, and is itself left alone', () => {
    fc.assert(
      fc.property(someItems, someItems, (items, gone) => {
        const set = setOf(items);
        const smaller = set.without(gone);
        expect([...smaller]).toEqual([...set].filter((item) => !gone.includes(item)));
        expect(smaller.size).toBe([...smaller].length);
        expect(set.size).toBe(items.length);
      }),
    );
  });

  test('is within another exactly when that has all of it', () => {
    fc.assert(
      fc.property(someItems, someItems, (some, others) => {
        const within = some.every((item) => others.includes(item));
        expect(setOf(some).isWithin(setOf(others))).toBe(within);
        expect(setOf(some).isWithin(setOf([...new Set([...some, ...others])]))).toBe(true);
      }),
    );
  });

  test('has the same key by whatever way it was reached, and another one than another set', () => {
    fc.assert(
      fc.property(someItems, someItems, (some, others) => {
        const [a, b] = [setOf(some), setOf(others)];
        expect(a.key === b.key).toBe(a.isWithin(b) && b.isWithin(a));
        expect(ItemSet.all(UNIVERSE).without(others).without(some).key).toBe(
          ItemSet.all(UNIVERSE).without([...some, ...others]).key,
        );
      }),
    );
  });

  test('knows the key of the set without an item', () => {
    fc.assert(
      fc.property(someItems, (items) => {
        const set = setOf(items);
        for (const item of items) expect(set.keyWithout(item)).toBe(set.without([item]).key);
      }),
    );
  });

  test('has keys that a journal of JSON keeps', () => {
    const { key } = setOf([1, 33, 69]);
    expect(Number.isSafeInteger(key)).toBe(true);
    expect(JSON.parse(JSON.stringify(key))).toBe(key);
  });

  test('may be empty, of nothing', () => {
    expect([...ItemSet.all(0)]).toEqual([]);
  });
});
