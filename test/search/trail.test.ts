import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ItemSet } from '../../src/search/item-set.ts';
import { Trail } from '../../src/search/trail.ts';

type Seen = { readonly place: number; readonly risk: number; readonly passed: boolean };

const NOISE = 0.05;

/** A trail of links with these risks, and what was witnessed at its places. */
function trailOf(risks: readonly number[], seen: readonly Seen[]): Trail {
  let set = ItemSet.all(risks.length);
  const trail = new Trail(set);
  for (const [item, risk] of risks.entries()) {
    set = set.without([item]);
    trail.accept({ set, removed: [item], risk });
  }
  for (const { place, ...evidence } of seen) trail.witness(place, evidence);
  return trail;
}

/** P(the last set that works is that of a place), by going through all cases. */
function turnsOf(risks: readonly number[], seen: readonly Seen[]): number[] {
  const all: Seen[] = [...risks.map((_, at) => ({ place: at + 1, risk: 0, passed: true })), ...seen];
  const weights = [0, ...risks].map((_, turn) => {
    const prior = risks.reduce((product, risk, at) => {
      if (at < turn) return product * (1 - risk);
      return at === turn ? product * risk : product;
    }, 1);
    return all.reduce((product, { place, risk, passed }) => {
      const works = place <= turn ? 1 - risk : 0;
      const accepts = works * (1 - NOISE) + (1 - works) * NOISE;
      return product * (passed ? accepts : 1 - accepts);
    }, prior);
  });
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

const anyChance = fc.double({ min: 0.01, max: 0.99, noNaN: true });
const anyTrail = fc.array(anyChance, { minLength: 1, maxLength: 8 }).chain((risks) =>
  fc.tuple(
    fc.constant(risks),
    fc.array(fc.record({ place: fc.nat(risks.length), risk: anyChance, passed: fc.boolean() }), {
      maxLength: 12,
    }),
  ),
);

describe('the doubt about a trail', () => {
  test('is what Bayes makes of all answers', () => {
    fc.assert(
      fc.property(anyTrail, ([risks, seen]) => {
        const turns = turnsOf(risks, seen);
        const { works, turn, certainty } = trailOf(risks, seen).doubt(NOISE);
        for (const [place, chance] of turns.entries()) {
          const later = turns.slice(place).reduce((sum, each) => sum + each, 0);
          expect(works[place]).toBeCloseTo(later, 8);
          expect(chance).toBeLessThanOrEqual(certainty + 1e-8);
        }
        expect(certainty).toBeCloseTo(turns[turn] ?? 0, 8);
      }),
    );
  });

  test('does not depend on what it was asked before', () => {
    const seen = [{ place: 1, risk: 0.3, passed: false }];
    const trail = trailOf([0.5, 0.5], seen);
    trail.doubt(0.2);
    trail.witness(2, { risk: 0, passed: false });
    const fresh = trailOf([0.5, 0.5], [...seen, { place: 2, risk: 0, passed: false }]);
    expect(trail.doubt(NOISE)).toEqual(fresh.doubt(NOISE));
  });

  test('forgets what was seen beyond the place where the trail is cut', () => {
    const trail = trailOf([0.2, 0.5, 0.5], [{ place: 3, risk: 0, passed: false }]);
    trail.cut(1);
    expect(trail.end).toBe(1);
    expect(trail.doubt(NOISE)).toEqual(trailOf([0.2], []).doubt(NOISE));
    expect(() => trail.at(2)).toThrow(RangeError);
  });

  test('falls on a removal after which everything is refused', () => {
    const refused = { place: 2, risk: 0.5, passed: false };
    const { works } = trailOf([0.1, 0.5], Array(8).fill(refused)).doubt(NOISE);
    expect(works[1]).toBeGreaterThan(0.9);
    expect(works[2]).toBeLessThan(0.2);
  });

  test('goes where the set is accepted again', () => {
    const suspicious = Array(8).fill({ place: 2, risk: 0.5, passed: false });
    const accepted = Array(4).fill({ place: 2, risk: 0, passed: true });
    const { works } = trailOf([0.1, 0.5], [...suspicious, ...accepted]).doubt(NOISE);
    expect(works[2]).toBeGreaterThan(0.99);
  });
});
