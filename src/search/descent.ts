import { groupBy } from '../shared/group-by.ts';
import { type Beliefs, beliefsOf } from './beliefs.ts';
import { type Cells, cellsOf } from './cells.ts';
import { Ground, type Turn } from './ground.ts';
import { OutOfRuns } from './interrogator.ts';
import { halve, nextPool, type Pool, type Suspects } from './pool.ts';
import type { Minimal, Problem, SearchResult } from './problem.ts';
import { type SearchScope, Undecided } from './undecided.ts';

/** A single suspect counts as needed from this certainty on; below, it is asked about once more. */
const NEEDED = 0.75;
/** How sure one is that an item is needed which was refused before, by another set. */
const REFUSED = 0.98;
/**
 * So many refusals that were proven against a larger set are tried against the final one, even if nothing speaks
 * against them.
 */
const SPOT_CHECKS = 4;
/** Runs kept back to confirm the final set: while the oracle seems honest, and once it is known to lie. */
const KEPT_BACK = { honest: 4, flaky: 16 };

/** Removes, scope after scope, all that is not needed. @throws whatever the question throws */
export async function descend(problem: Problem, scopes: readonly SearchScope[]): Promise<SearchResult> {
  const descent = new Descent(problem);
  const minimal = await descent.run(scopes);
  const { oracle } = descent.ground;
  const final = minimal === '1-minimal' ? descent.ground.kept : descent.ground.best();
  return {
    kept: [...final],
    minimal,
    runs: oracle.runs,
    cacheHits: oracle.cacheHits,
    held: problem.items.filter(({ held }) => held).length,
    lies: descent.ground.liesAgainst(final),
  };
}

class Descent {
  readonly ground: Ground;
  readonly #problem: Problem;
  readonly #cells: Cells;
  readonly #beliefs: Beliefs;
  /** How many lessons were learned up to each place of the trail. */
  readonly #lessons = [0];
  /** Items that were refused alone, and the place of the trail where that was. */
  readonly #needed = new Map<number, number>();
  readonly #undecided: Undecided;
  #suspects: Suspects | null = null;
  #spotChecks = SPOT_CHECKS;

  constructor(problem: Problem) {
    this.#problem = problem;
    this.ground = new Ground(problem);
    this.#cells = cellsOf(problem.items, problem.seed);
    this.#beliefs = beliefsOf(this.#cells);
    this.#undecided = new Undecided(problem.items, this.#cells);
  }

  async run(scopes: readonly SearchScope[]): Promise<Minimal> {
    try {
      for (const scope of scopes) {
        if (scope === 'untraced') await this.#tryStart();
        await this.#exhaust(scope);
      }
      await this.#prove(scopes.at(-1) ?? 'all');
      return '1-minimal';
    } catch (error) {
      if (!(error instanceof OutOfRuns)) throw error;
      await this.#confirmWithRest();
      return 'budget';
    }
  }

  /** Everything untraced at once: where that is accepted, nothing was missing. */
  async #tryStart(): Promise<void> {
    const stocks = this.#undecided.stocks('untraced', this.#beliefs.chances(this.#undecided.cells));
    const part = stocks.flatMap(({ items }) => items);
    if (part.length === 0) return;
    const clean = stocks.reduce((product, { items, chance }) => product * (1 - chance) ** items.length, 1);
    await this.#ask({ part, risk: 1 - clean }, 'once', null);
    // that many suspects are as good as none
    this.#suspects = null;
  }

  /** Asks until every item of the scope is decided. */
  async #exhaust(scope: SearchScope): Promise<void> {
    while (this.#suspects !== null || this.#undecided.has(scope)) {
      this.#keepBack();
      const chances = this.#beliefs.chances(this.#undecided.cells);
      if (this.#suspects === null)
        await this.#ask(nextPool(this.#undecided.stocks(scope, chances)), 'once', null);
      else if (this.#suspects.items.length > 1) await this.#askHalf(this.#suspects, chances);
      else await this.#judge(this.#suspects);
    }
  }

  async #askHalf(suspects: Suspects, chances: Float64Array): Promise<void> {
    const halves = halve(suspects, (item) => chances[this.#cellOf(item)] ?? 0);
    await this.#ask(halves, 'once', { items: halves.rest, certainty: halves.restCertainty });
  }

  async #judge({ items, certainty }: Suspects): Promise<void> {
    if (certainty <= NEEDED) {
      await this.#ask({ part: items, risk: certainty }, 'again', null);
      return;
    }
    for (const item of items) this.#keep(item);
    this.#suspects = null;
  }

  /**
   * Confirms the current set, and tries those refusals against it that do not count, until none is left: where the
   * oracle has contradicted itself all that were proven against a larger set, else a few of them.
   */
  async #prove(scope: SearchScope): Promise<void> {
    for (;;) {
      const turn = await this.ground.secure('end');
      if (turn !== null) this.#turnBack(turn);
      await this.#exhaust(scope);
      if (turn !== null) continue;
      const item = this.#unproven(scope);
      if (item === undefined) return;
      this.#keepBack();
      const { passed, refused } = this.ground.oracle.tallyOf(this.ground.kept.keyWithout(item));
      this.#needed.delete(item);
      this.#beliefs.learn(this.#cellOf(item), -1, 0);
      await this.#ask({ part: [item], risk: REFUSED }, passed + refused > 0 ? 'again' : 'once', null);
      await this.#exhaust(scope);
    }
  }

  #unproven(scope: SearchScope): number | undefined {
    const { ground } = this;
    const decided = [...this.#needed.keys()].filter((item) =>
      this.#undecided.covers(scope, this.#cellOf(item)),
    );
    if (ground.contradicted) {
      const chances = this.#beliefs.chances(decided.map((item) => this.#cellOf(item)));
      const refused = (item: number) => {
        const tally = ground.oracle.tallyOf(ground.kept.keyWithout(item));
        return tally.refused > tally.passed;
      };
      return leastBy(
        decided.filter((item) => !refused(item)),
        (item) => chances[this.#cellOf(item)] ?? 0,
      );
    }
    if (this.#spotChecks === 0) return undefined;
    this.#spotChecks -= 1;
    const placeOf = (item: number) => this.#needed.get(item) ?? 0;
    return leastBy(
      decided.filter((item) => placeOf(item) < ground.place),
      placeOf,
    );
  }

  async #ask({ part, risk }: Pool, asking: 'once' | 'again', rest: Suspects | null): Promise<void> {
    if (await this.ground.leaveOut(part, risk, asking)) {
      this.#remove(part);
      this.#suspects = rest;
    } else {
      const { noise } = this.ground;
      const needed = risk * (1 - noise);
      this.#suspects = { items: part, certainty: needed / (needed + (1 - risk) * noise) };
    }
    const turn = await this.ground.secure('underway');
    if (turn !== null) this.#turnBack(turn);
  }

  #remove(items: readonly number[]): void {
    for (const [cell, members] of groupBy(items, (item) => this.#cellOf(item))) {
      this.#beliefs.learn(cell, 0, members.length);
      this.#undecided.close(cell, members);
    }
    this.#lessons.push(this.#beliefs.lessons);
  }

  #keep(item: number): void {
    this.#needed.set(item, this.ground.place);
    this.#beliefs.learn(this.#cellOf(item), 1, 0);
    this.#undecided.close(this.#cellOf(item), [item]);
  }

  /** What was decided after the turn is open again. */
  #turnBack({ place, removed, certainty }: Turn): void {
    this.#lessons.length = place + 1;
    this.#beliefs.forget(this.#lessons[place] ?? 0);
    for (const [item, at] of this.#needed) if (at > place) this.#needed.delete(item);
    const found = [...this.#needed].filter(([, at]) => at === place).map(([item]) => this.#cellOf(item));
    this.#beliefs.chances(found);
    for (const cell of found) this.#beliefs.learn(cell, 1, 0);
    const { kept } = this.ground;
    this.#undecided.reopen((item) => kept.has(item) && !this.#needed.has(item));
    this.#suspects = { items: removed, certainty };
  }

  async #confirmWithRest(): Promise<void> {
    try {
      while ((await this.ground.secure('end')) !== null);
    } catch (error) {
      if (!(error instanceof OutOfRuns)) throw error;
    }
  }

  /** @throws OutOfRuns where only what the confirmation may take is left */
  #keepBack(): void {
    const wanted = this.ground.contradicted ? KEPT_BACK.flaky : KEPT_BACK.honest;
    const { runsLeft } = this.ground.oracle;
    if (runsLeft <= Math.min(wanted, Math.floor(this.#problem.maxRuns / 4))) throw new OutOfRuns();
  }

  #cellOf(item: number): number {
    return this.#cells.cellOf[item] ?? 0;
  }
}

/** The item of the least value, the first of equals. */
function leastBy(items: readonly number[], rankOf: (item: number) => number): number | undefined {
  return items.reduce<number | undefined>(
    (least, item) => (least === undefined || rankOf(item) < rankOf(least) ? item : least),
    undefined,
  );
}
