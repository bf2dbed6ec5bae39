import type { ItemSet } from './item-set.ts';
import type { Problem } from './problem.ts';

/** Thrown when the budget is spent or a deadline has passed; the search catches it. */
export class OutOfRuns extends Error {}

/** Answers about one set. */
export type Tally = { passed: number; refused: number };

/** Asks within a budget, remembers by set, and continues where a journal ends. */
export type Interrogator = {
  readonly runs: number;
  readonly cacheHits: number;
  /** Spends a run, whether or not the set was asked before. @throws OutOfRuns */
  again(set: ItemSet): Promise<boolean>;
  /** The last answer about the set, or else a new one. @throws OutOfRuns */
  once(set: ItemSet): Promise<boolean>;
  tallyOf(set: ItemSet): Tally;
  /** Sets with answers of both kinds. */
  readonly torn: number;
  /** Answers that were outvoted by others about the same set. */
  readonly outvoted: number;
};

export function interrogatorOf({ ask, maxRuns, journal = [], record, stop }: Problem): Interrogator {
  const told = new Map<string, boolean[]>();
  for (const { set, passed } of journal) told.set(set, [...(told.get(set) ?? []), passed]);
  const tallies = new Map<string, Tally & { last: boolean }>();
  let [runs, cacheHits] = [0, 0];

  const answer = async (key: string, set: ItemSet): Promise<boolean> => {
    const known = told.get(key)?.shift();
    if (known !== undefined) return known;
    const passed = await ask(set);
    record?.({ set: key, passed });
    return passed;
  };
  const again = async (set: ItemSet): Promise<boolean> => {
    if (runs >= maxRuns || stop?.() === true) throw new OutOfRuns();
    runs += 1;
    const { key } = set;
    const passed = await answer(key, set);
    const { passed: yes, refused: no } = tallies.get(key) ?? { passed: 0, refused: 0 };
    tallies.set(key, { passed: yes + (passed ? 1 : 0), refused: no + (passed ? 0 : 1), last: passed });
    return passed;
  };
  return {
    get runs() {
      return runs;
    },
    get cacheHits() {
      return cacheHits;
    },
    again,
    async once(set) {
      const known = tallies.get(set.key)?.last;
      if (known === undefined) return again(set);
      cacheHits += 1;
      return known;
    },
    tallyOf: (set) => tallies.get(set.key) ?? { passed: 0, refused: 0 },
    get torn() {
      return [...tallies.values()].filter(({ passed, refused }) => passed > 0 && refused > 0).length;
    },
    get outvoted() {
      return [...tallies.values()].reduce((sum, { passed, refused }) => sum + Math.min(passed, refused), 0);
    },
  };
}
