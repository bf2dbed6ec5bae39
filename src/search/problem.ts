import type { ItemSet } from './item-set.ts';

/** What a search may remove: a file, known by its place in the list of items. */
export type Item = {
  readonly bytes: number;
  /** Where it belongs, the widest group first: its package, then its directories. */
  readonly groups: readonly string[];
  /** An analysis saw it: it belongs to the start set, and is likely to be needed. */
  readonly traced: boolean;
  /** Never removed. */
  readonly held: boolean;
  /**
   * How much speaks for it that no analysis counts as a need, from 0, nothing: a failed look-up, a listed directory.
   */
  readonly suspicion: number;
};

/**
 * Does the app still behave when exactly these items are there? With all of them it does: the caller of the search
 * has made sure. What it throws ends the search.
 */
export type Question = (kept: ItemSet) => Promise<boolean>;

/** The key of a set that was asked for, and the answer. In the order of asking they are the journal of a search. */
export type JournalEntry = { readonly set: number; readonly passed: boolean };

export type ProblemOptions = {
  /** Decides between what is equally good. */
  readonly seed: number;
  /** The budget: no more uncached questions than these are asked. */
  readonly maxRuns: number;
  /** What an interrupted search has asked already: it is not asked again, but counts as runs. */
  readonly journal?: readonly JournalEntry[];
  /** Called for each question that is not in `journal`. */
  readonly record?: (entry: JournalEntry) => void;
  /** Asked before each question: true ends the search as an exhausted budget does. For a deadline. */
  readonly stop?: () => boolean;
};

export type Problem = ProblemOptions & { readonly items: readonly Item[]; readonly ask: Question };

/**
 * `1-minimal`: every single removal of an item that is neither held nor out of scope was refused, against the final
 * set or a superset of it (which suffices for a monotone oracle); once the oracle has contradicted itself, against the
 * final set alone. `budget`: the search ended before. `none`: nothing was shrunk.
 */
export type Minimal = 'none' | 'budget' | '1-minimal';

export type SearchResult = {
  /** Indices of items, ascending. */
  readonly kept: readonly number[];
  readonly minimal: Minimal;
  /** Uncached questions, those of the journal included. */
  readonly runs: number;
  readonly cacheHits: number;
  /** Kept items that were not open to removal because they are held. */
  readonly held: number;
  /** How often the oracle was seen to lie: answers that later answers have outvoted. */
  readonly lies: number;
};
