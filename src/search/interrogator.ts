import type { ItemSet } from './item-set.ts';
import type { Problem } from './problem.ts';

/** The budget is spent, or a deadline has passed: the search ends with what it has. */
export class OutOfRuns extends Error {}

export type SetAnswer = { readonly set: ItemSet; readonly passed: boolean };

/** How often a set was accepted and refused. */
export type Tally = { readonly passed: number; readonly refused: number };

/** Asks within a budget, remembers by set, and goes on where a journal ends. */
export type Interrogator = {
  readonly runs: number;
  readonly runsLeft: number;
  readonly cacheHits: number;
  /** Every uncached answer, in order. */
  readonly answers: readonly SetAnswer[];
  /** Answers about sets that were asked more than once, and those among them that others outvote. */
  readonly repeated: { readonly answers: number; readonly outvoted: number };
  tallyOf(key: number): Tally;
  /** What is known of the set, or else a new answer. @throws OutOfRuns */
  once(set: ItemSet): Promise<boolean>;
  /** A new answer, whatever is known. @throws OutOfRuns */
  again(set: ItemSet): Promise<boolean>;
};

const NEVER_ASKED: Tally = { passed: 0, refused: 0 };

export function interrogatorOf({ ask, maxRuns, journal = [], record, stop }: Problem): Interrogator {
  const given = new Map<number, boolean[]>();
  for (const { set, passed } of journal) {
    const answers = given.get(set);
    if (answers === undefined) given.set(set, [passed]);
    else answers.push(passed);
  }
  const tallies = new Map<number, Tally>();
  const answers: SetAnswer[] = [];
  const repeated = { answers: 0, outvoted: 0 };
  let cacheHits = 0;

  const answer = async (set: ItemSet, key: number): Promise<boolean> => {
    if (answers.length >= maxRuns) throw new OutOfRuns();
    const known = given.get(key)?.shift();
    if (known !== undefined) return known;
    if (stop?.() === true) throw new OutOfRuns();
    const passed = await ask(set);
    record?.({ set: key, passed });
    return passed;
  };
  const tallyOf = (key: number) => tallies.get(key) ?? NEVER_ASKED;
  const again = async (set: ItemSet): Promise<boolean> => {
    const { key } = set;
    const passed = await answer(set, key);
    answers.push({ set, passed });
    const before = tallyOf(key);
    const now = {
      passed: before.passed + (passed ? 1 : 0),
      refused: before.refused + (passed ? 0 : 1),
    };
    tallies.set(key, now);
    repeated.answers += repeatsIn(now) - repeatsIn(before);
    repeated.outvoted += outvotedIn(now) - outvotedIn(before);
    return passed;
  };
  return {
    get runs() {
      return answers.length;
    },
    get runsLeft() {
      return maxRuns - answers.length;
    },
    get cacheHits() {
      return cacheHits;
    },
    answers,
    repeated,
    tallyOf,
    async once(set) {
      const { passed, refused } = tallyOf(set.key);
      if (passed === refused) return again(set);
      cacheHits += 1;
      return passed > refused;
    },
    again,
  };
}

function repeatsIn({ passed, refused }: Tally): number {
  return passed + refused > 1 ? passed + refused : 0;
}

function outvotedIn({ passed, refused }: Tally): number {
  return Math.min(passed, refused);
}
