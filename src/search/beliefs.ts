import type { Cell, Cells } from './cells.ts';
import { type GroupCounts, groupCounts, SHAPES } from './group-counts.ts';

/** What the answers have taught so far, to be recalled where they turn out to be lies. */
export type Memory = readonly Float64Array[];

/** How likely the items of each cell are to be needed, learned as the oracle answers. */
export type Beliefs = {
  /** P(needed) of an item of each cell that is still open. Valid until the next lesson. */
  chances(): Float64Array;
  /** So many items of a cell were found needed, so many were removed. */
  learn(cell: number, found: number, removed: number): void;
  memory(): Memory;
  recall(memory: Memory): void;
};

/** A guess about the instance: what would be the chance of each cell's items, if it were right? */
type Expert = (cell: Cell) => number;

/** Junk among the traced, for each item, in units of what is traced overall: a guess each. */
const JUNK = [0.03, 0.08, 0.2, 0.4, 0.8, 1.6, 4];
/** Needed items that were missed, for each traced one: a guess each. */
const MISSED = [0.3, 0.1, 0.03, 0.01, 0.003, 0.0003];
/** Each step of suspicion makes an item so much more likely. */
const SUSPICION = 8;
const [LEAST, MOST] = [1e-7, 0.98];

/**
 * Experts are weighed by how well they have foretold the answers so far (a Bayesian mixture). They reason from groups:
 * need comes in clusters and junk is spread evenly, so that a traced item is needed where many around it are traced; the
 * trace misses a share of what is needed, so that an untraced one is needed there too, or where answers found others.
 */
export function beliefsOf(cells: Cells): Beliefs {
  const counts = groupCounts(cells);
  for (const cell of cells.cellOf) {
    const { node, traced } = cells.cells[cell] as Cell;
    if (traced) counts.countTraced(node, 1);
  }
  const classes = classesOf(cells, counts);
  const states = [counts.state, ...classes.map(({ scores }) => scores)];
  const chances = new Float64Array(cells.cells.length);
  return {
    chances() {
      counts.settle();
      for (const judged of classes) judge(judged, chances);
      return chances;
    },
    learn(at, found, removed) {
      const { node, traced } = cells.cells[at] as Cell;
      for (const judged of classes) score(judged, at, found, removed);
      if (traced) counts.countTraced(node, -removed);
      else counts.countUntraced(node, found, found + removed);
    },
    memory: () => states.map((state) => state.slice()),
    recall(memory) {
      for (const [at, state] of states.entries()) state.set(memory[at] ?? state);
    },
  };
}

/** Cells that the same experts judge, with the same trust in each of them. */
type Class = {
  readonly cells: readonly { readonly at: number; readonly cell: Cell }[];
  readonly experts: readonly Expert[];
  /** The logarithm of each expert's likelihood, given the answers. */
  readonly scores: Float64Array;
  /** What each expert last said of each cell: its chance, by the cell's place. */
  readonly said: ReadonlyMap<number, Float64Array>;
};

function classesOf({ cells }: Cells, counts: GroupCounts): Class[] {
  const classes = new Map<number, { at: number; cell: Cell }[]>();
  for (const [at, cell] of cells.entries()) {
    const name = cell.traced ? -1 : cell.suspicion;
    classes.set(name, [...(classes.get(name) ?? []), { at, cell }]);
  }
  const anyTraced = classes.has(-1);
  return [...classes].map(([name, own]) => {
    const experts = name === -1 ? onTraced(counts) : onUntraced(counts, anyTraced);
    const said = new Map(own.map(({ at }) => [at, new Float64Array(experts.length)]));
    return { cells: own, experts, scores: new Float64Array(experts.length), said };
  });
}

function onTraced(counts: GroupCounts): Expert[] {
  return JUNK.map((junk) => ({ node }) => {
    const others = counts.density(node, 1);
    return others / (others + junk * counts.overall);
  });
}

function onUntraced(counts: GroupCounts, anyTraced: boolean): Expert[] {
  const byAnswers = SHAPES.map(
    (_, shape): Expert =>
      (cell) =>
        suspected(counts.rate(cell.node, shape), cell),
  );
  if (!anyTraced) return byAnswers;
  const byTraced = MISSED.flatMap((missed) =>
    SHAPES.map(
      (shape): Expert =>
        (cell) => {
          const prior = Math.min(0.5, suspected(missed * counts.density(cell.node, 0), cell));
          return counts.posterior(cell.node, shape, prior);
        },
    ),
  );
  return [...byTraced, ...byAnswers];
}

function suspected(chance: number, { suspicion }: Cell): number {
  return chance * SUSPICION ** suspicion;
}

/** Writes the experts' weighed opinion of each cell of a class. */
function judge({ cells, experts, scores, said }: Class, chances: Float64Array): void {
  const top = Math.max(...scores);
  const weights = scores.map((own) => Math.exp(own - top));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  for (const { at, cell } of cells) {
    const opinions = said.get(at) as Float64Array;
    let sum = 0;
    for (let e = 0; e < experts.length; e += 1) {
      const chance = Math.min(MOST, Math.max(LEAST, (experts[e] as Expert)(cell)));
      opinions[e] = chance;
      sum += chance * (weights[e] ?? 0);
    }
    chances[at] = sum / total;
  }
}

function score({ scores, said }: Class, at: number, found: number, removed: number): void {
  const opinions = said.get(at);
  if (opinions === undefined) return;
  for (let e = 0; e < scores.length; e += 1) {
    const chance = opinions[e] ?? 0;
    scores[e] = (scores[e] ?? 0) + found * Math.log(chance) + removed * Math.log1p(-chance);
  }
}
