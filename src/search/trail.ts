import type { ItemSet } from './item-set.ts';

/** A set that was accepted, and what it leaves out of the one before it. */
export type Link = {
  readonly set: ItemSet;
  readonly removed: readonly number[];
  /** How likely it was thought, before it was asked, that something needed is among `removed`. */
  readonly risk: number;
};

/** An answer to a link's set without some more items, and how likely it was thought that these are needed. */
export type Evidence = { readonly risk: number; readonly passed: boolean };

/** Where a trail may have left what works: the first lie was believed at the link after `turn`, most likely. */
export type Doubt = {
  /** P(the set of a link works), for each link. Falls along the trail. */
  readonly works: Float64Array;
  readonly turn: number;
  /** P(the turn is there). */
  readonly certainty: number;
};

/**
 * The sets that were accepted one after the other, each within the one before, so that at most one place parts those that
 * work from those that do not. Every answer tells something about where it is: a refusal that was expected little, one
 * that was expected (once a needed item is gone everything is refused), and above all an answer to the same set again.
 */
export class Trail {
  readonly #links: Link[];
  readonly #evidence: Evidence[][] = [[]];

  constructor(start: ItemSet) {
    this.#links = [{ set: start, removed: [], risk: 0 }];
  }

  /** The place of the last link; the start's is 0. */
  get end(): number {
    return this.#links.length - 1;
  }

  at(place: number): Link {
    const link = this.#links[place];
    if (link === undefined) throw new RangeError(`no link ${place} in a trail of ${this.#links.length}`);
    return link;
  }

  accept(link: Link): void {
    this.#links.push(link);
    this.#evidence.push([{ risk: 0, passed: true }]);
  }

  /** The set of the last link was asked again, or with more left out and refused. */
  witness(place: number, evidence: Evidence): void {
    this.#evidence[place]?.push(evidence);
  }

  /** Back to an earlier link. */
  cut(place: number): void {
    this.#links.length = place + 1;
    this.#evidence.length = place + 1;
  }

  /** What all answers say together, if each is a lie with probability `noise`. The start is beyond doubt. */
  doubt(noise: number): Doubt {
    const scores = this.#scores(noise);
    const top = Math.max(...scores);
    const works = scores.map((score) => Math.exp(score - top));
    const total = works.reduce((sum, weight) => sum + weight, 0);
    let turn = 0;
    for (let place = this.end; place >= 0; place -= 1) {
      if ((scores[place] ?? 0) > (scores[turn] ?? 0)) turn = place;
      works[place] = (works[place] ?? 0) / total + (works[place + 1] ?? 0);
    }
    return { works, turn, certainty: (works[turn] ?? 0) - (works[turn + 1] ?? 0) };
  }

  /** For each link, the logarithm of the likelihood that it is the last one that works. */
  #scores(noise: number): Float64Array {
    const scores = new Float64Array(this.#links.length);
    let broken = 0;
    for (let place = this.end; place >= 0; place -= 1) {
      scores[place] = broken + (place === this.end ? 0 : logarithm(this.at(place + 1).risk));
      for (const { passed } of this.#evidence[place] ?? []) broken += Math.log(passed ? noise : 1 - noise);
    }
    let working = 0;
    for (let place = 0; place <= this.end; place += 1) {
      working += logarithm(1 - this.at(place).risk);
      for (const { risk, passed } of this.#evidence[place] ?? []) {
        const accepts = (1 - risk) * (1 - noise) + risk * noise;
        working += Math.log(passed ? accepts : 1 - accepts);
      }
      scores[place] = (scores[place] ?? 0) + working;
    }
    return scores;
  }
}

function logarithm(chance: number): number {
  return Math.log(Math.max(1e-12, chance));
}
