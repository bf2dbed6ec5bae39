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
 * The sets that were accepted one after the other, each within the set before, so that at most one place parts those
 * that work from those that do not. Every answer says something about where it is: a refusal that was expected
 * little, one that was expected (once a needed item is gone everything is refused), and above all an answer to the
 * same set again.
 */
export class Trail {
  readonly #links: Link[];
  readonly #evidence: Evidence[][] = [[]];
  /** For each link the logarithms of how likely its evidence is if its set works, and if not, at `#noise`. */
  #working: number[] = [0];
  #broken: number[] = [0];
  #noise = Number.NaN;

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

  /** The next link, whose set was asked and accepted. */
  accept(link: Link): void {
    this.#links.push(link);
    this.#evidence.push([]);
    this.#working.push(0);
    this.#broken.push(0);
    this.witness(this.end, { risk: 0, passed: true });
  }

  /** Of a link's set: it was asked again, or with more left out and refused. */
  witness(place: number, evidence: Evidence): void {
    this.#evidence[place]?.push(evidence);
    this.#weigh(place, evidence);
  }

  /** Back to an earlier link. */
  cut(place: number): void {
    for (const list of [this.#links, this.#evidence, this.#working, this.#broken]) list.length = place + 1;
  }

  /** What all answers say together, if each is a lie with probability `noise`. The start is beyond doubt. */
  doubt(noise: number): Doubt {
    if (noise !== this.#noise) this.#weighAll(noise);
    const works = this.#scores();
    let turn = 0;
    for (let place = 1; place <= this.end; place += 1) {
      if ((works[place] as number) > (works[turn] as number)) turn = place;
    }
    const top = works[turn] as number;
    let total = 0;
    for (let place = this.end; place >= 0; place -= 1) {
      total += Math.exp((works[place] as number) - top);
      works[place] = total;
    }
    for (let place = 0; place <= this.end; place += 1) works[place] = (works[place] as number) / total;
    return { works, turn, certainty: 1 / total };
  }

  /** For each link, the logarithm of the likelihood that it is the last one that works. */
  #scores(): Float64Array {
    const scores = new Float64Array(this.#links.length);
    let broken = 0;
    for (let place = this.end; place >= 0; place -= 1) {
      scores[place] = broken + (place === this.end ? 0 : logarithm(this.at(place + 1).risk));
      broken += this.#broken[place] ?? 0;
    }
    let working = 0;
    for (let place = 0; place <= this.end; place += 1) {
      working += logarithm(1 - this.at(place).risk) + (this.#working[place] ?? 0);
      scores[place] = (scores[place] ?? 0) + working;
    }
    return scores;
  }

  #weighAll(noise: number): void {
    this.#noise = noise;
    this.#working.fill(0);
    this.#broken.fill(0);
    for (const [place, list] of this.#evidence.entries()) for (const seen of list) this.#weigh(place, seen);
  }

  #weigh(place: number, { risk, passed }: Evidence): void {
    const noise = this.#noise;
    const accepts = (1 - risk) * (1 - noise) + risk * noise;
    this.#working[place] = (this.#working[place] ?? 0) + Math.log(passed ? accepts : 1 - accepts);
    this.#broken[place] = (this.#broken[place] ?? 0) + Math.log(passed ? noise : 1 - noise);
  }
}

function logarithm(chance: number): number {
  return Math.log(Math.max(1e-12, chance));
}
