import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { halve, nextPool } from '../../src/search/pool.ts';

const stockOf = (count: number, chance: number, bytes = 1, from = 0) => ({
  items: Array.from({ length: count }, (_, at) => from + at),
  bytes,
  chance,
});

describe('the next pool', () => {
  test.each([
    [0.5, 1],
    [0.39, 1],
    [0.38, 2],
    [0.3, 2],
    [0.1, 7],
    [0.01, 69],
  ])('of items that are needed with a chance of %f has %i', (chance, size) => {
    expect(nextPool([stockOf(1000, chance)]).part).toHaveLength(size);
  });

  test('has an answer that is as open as can be', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 0.35, noNaN: true }), (chance) => {
        const { part, risk } = nextPool([stockOf(2000, chance)]);
        expect(risk).toBeCloseTo(1 - (1 - chance) ** part.length, 9);
        if (part.length < 2000) expect(Math.abs(risk - 0.5)).toBeLessThan(0.13);
      }),
    );
  });

  test('begins with what promises most bytes for the risk', () => {
    const small = stockOf(10, 0.5, 10);
    const large = stockOf(10, 0.5, 1000, 10);
    expect(nextPool([small, large]).part).toEqual([10]);
    const likely = stockOf(10, 0.9, 1000, 10);
    expect(nextPool([stockOf(10, 0.001, 10), likely]).part.slice(0, 10)).toEqual(small.items);
  });

  test('is filled with what is left of the risk', () => {
    const { part } = nextPool([stockOf(1, 0.2, 1e6), stockOf(1, 0.9, 1e5, 1), stockOf(1, 0.3, 1, 2)]);
    expect(part).toEqual([0, 2]);
  });
});

describe('suspects', () => {
  const anySuspects = fc.array(fc.double({ min: 1e-6, max: 0.98, noNaN: true }), {
    minLength: 2,
    maxLength: 40,
  });
  const anyCertainty = fc.double({ min: 0.01, max: 1, noNaN: true });
  const halved = (chances: readonly number[], certainty: number) =>
    halve({ items: [...chances.keys()], certainty }, (item) => chances[item] ?? 0);

  test('are parted in order, both halves with at least one', () => {
    fc.assert(
      fc.property(anySuspects, anyCertainty, (chances, certainty) => {
        const { part, rest } = halved(chances, certainty);
        expect([...part, ...rest]).toEqual([...chances.keys()]);
        expect(part.length).toBeGreaterThan(0);
        expect(rest.length).toBeGreaterThan(0);
      }),
    );
  });

  test('are parted where the answer is most open', () => {
    const { part, risk } = halved(Array(64).fill(1e-6), 1);
    expect(part).toHaveLength(32);
    expect(risk).toBeCloseTo(0.5, 3);
    expect(halved([0.5, 0.001, 0.001, 0.001], 1).part).toEqual([0]);
  });

  test('have chances as Bayes has it, whatever happens to the first half', () => {
    fc.assert(
      fc.property(anySuspects, anyCertainty, (chances, certainty) => {
        const { part, rest, risk, restCertainty } = halved(chances, certainty);
        const clean = (items: readonly number[]) =>
          items.reduce((all, item) => all * (1 - (chances[item] ?? 0)), 1);
        // the suspicion is right with `certainty`, else nothing of it is needed
        const both = clean(part) * (1 - clean(rest));
        const some = 1 - clean(part) * clean(rest);
        expect(risk).toBeCloseTo((certainty * (1 - clean(part))) / some, 6);
        expect(restCertainty).toBeCloseTo(
          (certainty * both) / some / ((certainty * both) / some + 1 - certainty),
          6,
        );
      }),
    );
  });
});
