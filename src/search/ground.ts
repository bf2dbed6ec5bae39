import { type Interrogator, interrogatorOf, type SetAnswer } from './interrogator.ts';
import { ItemSet } from './item-set.ts';
import type { Problem } from './problem.ts';
import { Trail } from './trail.ts';

/**
 * A lie was believed: the search is back at a link of its trail, and something needed is, most likely, among
 * `removed`.
 */
export type Turn = {
  readonly place: number;
  readonly removed: readonly number[];
  readonly certainty: number;
};

/** How often an oracle is taken to lie that has never contradicted itself, and one that has. */
const [HONEST, FLAKY] = [0.001, 0.05];
/** Once it has, its lies are counted, on top of these: lies and answers. */
const SEEN = { lies: 2, answers: 40 };
/** An oracle that lies more often is of no use, and none is taken for it. */
const MOST_NOISE = 0.3;
/**
 * The doubt about the current set that is accepted: while the oracle seems honest, once it is known to lie, and at
 * the end.
 */
const BORNE = { honest: 0.02, flaky: 0.05, end: 2e-5 };
/** So sure of the place must one be to turn back to it. */
const SURE = 0.9;
/** A set is given as the result, when time is up, if it works with this probability. */
const GOOD = 0.99;

/** The ground that a search stands on: a set that is believed to work, and how that is known. */
export class Ground {
  readonly oracle: Interrogator;
  readonly #trail: Trail;
  #noise = HONEST;
  #contradicted = false;

  constructor(problem: Problem) {
    this.oracle = interrogatorOf(problem);
    this.#trail = new Trail(ItemSet.all(problem.items.length));
  }

  get kept(): ItemSet {
    return this.#trail.at(this.#trail.end).set;
  }

  /** How many removals lie behind. */
  get place(): number {
    return this.#trail.end;
  }

  /** The oracle has given answers that cannot all be true of a monotone one. */
  get contradicted(): boolean {
    return this.#contradicted;
  }

  get noise(): number {
    return this.#noise;
  }

  /** Asks for the current set without some items, and takes them away if that is accepted. @throws OutOfRuns */
  async leaveOut(removed: readonly number[], risk: number, asking: 'once' | 'again'): Promise<boolean> {
    const before = this.kept;
    const set = before.without(removed);
    const earlier = this.oracle.answers.length;
    const passed = await this.oracle[asking](set);
    if (!passed) {
      this.#trail.witness(this.place, { risk, passed });
      return false;
    }
    this.#trail.accept({ set, removed, risk });
    this.#hearWitnesses(before, earlier);
    return true;
  }

  /** Earlier answers about the set that was just accepted, or that refuse a larger one. */
  #hearWitnesses(before: ItemSet, earlier: number): void {
    const { kept } = this;
    for (let at = 0; at < earlier; at += 1) {
      const { set, passed } = this.oracle.answers[at] as SetAnswer;
      const tells = passed
        ? set.size === kept.size && set.isWithin(kept)
        : kept.isWithin(set) && !before.isWithin(set);
      if (!tells) continue;
      this.#trail.witness(this.place, { risk: 0, passed });
      if (!passed) this.#contradict();
    }
  }

  /**
   * Asks sets of the trail again until the current one is believed, or a turn is found and taken.
   * @throws OutOfRuns
   */
  async secure(when: 'underway' | 'end'): Promise<Turn | null> {
    for (;;) {
      const noise = when === 'end' ? Math.max(this.#noise, FLAKY) : this.#noise;
      const borne = when === 'end' ? BORNE.end : this.#contradicted ? BORNE.flaky : BORNE.honest;
      const { works, turn, certainty } = this.#trail.doubt(noise);
      if (1 - (works[this.place] ?? 0) < borne) return null;
      if (this.#contradicted && turn < this.place && certainty > SURE) {
        const { removed } = this.#trail.at(turn + 1);
        this.#trail.cut(turn);
        return { place: turn, removed, certainty };
      }
      await this.#askAgain(this.#contradicted ? this.#leastKnown(works) : this.place);
    }
  }

  /** The place where an answer says most, the later of equals. */
  #leastKnown(works: Float64Array): number {
    let place = this.place;
    const distance = (at: number) => Math.abs((works[at] ?? 0) - 0.5);
    for (let at = this.place; at >= 1; at -= 1) if (distance(at) < distance(place)) place = at;
    return place;
  }

  async #askAgain(place: number): Promise<void> {
    const passed = await this.oracle.again(this.#trail.at(place).set);
    this.#trail.witness(place, { risk: 0, passed });
    if (passed) this.#estimateNoise();
    else this.#contradict();
  }

  #contradict(): void {
    this.#contradicted = true;
    this.#estimateNoise();
  }

  #estimateNoise(): void {
    if (!this.#contradicted) return;
    const { answers, outvoted } = this.oracle.repeated;
    const seen = (SEEN.lies + outvoted) / (SEEN.answers + answers);
    this.#noise = Math.min(MOST_NOISE, Math.max(FLAKY / 2, seen));
  }

  /** The smallest set that can be answered for when no more can be asked. */
  best(): ItemSet {
    const { works } = this.#trail.doubt(this.#noise);
    let place = this.place;
    while (place > 0 && (works[place] ?? 0) < GOOD) place -= 1;
    return this.#trail.at(place).set;
  }

  /** Answers that the final set contradicts, if needing is monotone: it is in each set that passes, and in no other. */
  liesAgainst(final: ItemSet): number {
    return this.oracle.answers.filter(({ set, passed }) => passed !== final.isWithin(set)).length;
  }
}
