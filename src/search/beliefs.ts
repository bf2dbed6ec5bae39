import type { Cell, Cells } from './cells.ts';
import { type GroupCounts, groupCounts, SHAPES } from './group-counts.ts';

/** How likely the items of each cell are to be needed, learned as the oracle answers. */
export type Beliefs = {
  /** P(needed) of an undecided item of these cells, at the cells' places. Valid until the next lesson. */
  chances(cells: Iterable<number>): Float64Array;
  /** So many items of a cell, of which the chances were asked before, were found needed, so many were removed. */
  learn(cell: number, found: number, removed: number): void;
  /** How many lessons were learned. */
  readonly lessons: number;
  /** Back to so many lessons: those after them were lies. */
  forget(lessons: number): void;
};

/** Guesses about the instance: what would be the chance of a cell's items if each of them were right? */
type Experts = {
  readonly count: number;
  readonly speak: (cell: Cell, opinions: Float64Array) => void;
};

/** Junk among the traced, for each item, in units of what is traced overall: a guess each. */
const JUNK = [0.03, 0.08, 0.2, 0.4, 0.8, 1.6, 4];
/** Needed items that were missed, for each traced one: a guess each. */
const MISSED = [0.3, 0.1, 0.03, 0.01, 0.003, 0.0003];
/** Each step of suspicion makes an item so much more likely. */
const SUSPICION = 8;
const [LEAST, MOST] = [1e-7, 0.98];

/**
 * Experts are weighed by how well they have predicted the answers so far (a Bayesian mixture). They reason from
 * groups: need comes in clusters and junk is spread evenly, so that a traced item is needed where many around it are
 * traced; the trace misses a share of what is needed, so that an untraced one is needed there too, or where answers
 * found others.
 */
export function beliefsOf(cells: Cells): Beliefs {
  const counts = groupCounts(cells);
  for (const cell of cells.cellOf) {
    const { node, traced } = cells.cells[cell] as Cell;
    if (traced) counts.countTraced(node, 1);
  }
  const classes = classesOf(cells, counts);
  const classOf = cells.cells.map((cell) => classes.findIndex(({ name }) => name === nameOf(cell)));
  const opinions = classOf.map((index) => new Float64Array(classes[index]?.experts.count ?? 0));
  const chances = new Float64Array(cells.cells.length);
  const lessons: Lesson[] = [];
  /** The state of what was learned, and the state that densities, trust and each cell's chance were computed for. */
  let [state, settled] = [1, 0];
  const computed = new Float64Array(cells.cells.length);
  const settle = () => {
    counts.settle();
    for (const { scores, trust } of classes) trustBy(scores, trust);
    settled = state;
  };
  const apply = ({ cell, found, removed, said }: Lesson, sign: 1 | -1) => {
    const { node, traced } = cells.cells[cell] as Cell;
    const { scores } = classes[classOf[cell] as number] as Class;
    judge(said, { found: sign * found, removed: sign * removed }, scores);
    if (traced) counts.countTraced(node, -sign * removed);
    else counts.countUntraced(node, sign * found, sign * (found + removed));
    state += 1;
  };
  return {
    chances(wanted) {
      if (settled !== state) settle();
      for (const at of wanted) {
        if (computed[at] === state) continue;
        computed[at] = state;
        const { experts, trust } = classes[classOf[at] as number] as Class;
        const said = opinions[at] as Float64Array;
        experts.speak(cells.cells[at] as Cell, said);
        chances[at] = weighed(said, trust);
      }
      return chances;
    },
    learn(cell, found, removed) {
      const lesson = { cell, found, removed, said: (opinions[cell] as Float64Array).slice() };
      lessons.push(lesson);
      apply(lesson, 1);
    },
    get lessons() {
      return lessons.length;
    },
    forget(count) {
      for (const lesson of lessons.splice(count).reverse()) apply(lesson, -1);
    },
  };
}

/** What was found of a cell, and what each expert had said. */
type Lesson = {
  readonly cell: number;
  readonly found: number;
  readonly removed: number;
  readonly said: Float64Array;
};

/** Cells of which the same experts speak, with the same trust in each of them. */
type Class = {
  readonly name: number;
  readonly experts: Experts;
  /** The logarithm of each expert's likelihood, given the answers. */
  readonly scores: Float64Array;
  /** The same as shares of one. */
  readonly trust: Float64Array;
};

function nameOf({ traced, suspicion }: Cell): number {
  return traced ? -1 : suspicion;
}

function classesOf({ cells }: Cells, counts: GroupCounts): Class[] {
  const names = new Set(cells.map(nameOf));
  return [...names].map((name) => {
    const experts = name === -1 ? onTraced(counts) : onUntraced(counts, names.has(-1));
    return {
      name,
      experts,
      scores: new Float64Array(experts.count),
      trust: new Float64Array(experts.count),
    };
  });
}

function onTraced(counts: GroupCounts): Experts {
  return {
    count: JUNK.length,
    speak({ node }, opinions) {
      const others = counts.density(node, 1);
      const { overall } = counts;
      for (let e = 0; e < JUNK.length; e += 1) {
        opinions[e] = bounded(others / (others + (JUNK[e] as number) * overall));
      }
    },
  };
}

function onUntraced(counts: GroupCounts, anyTraced: boolean): Experts {
  const missed = anyTraced ? MISSED : [];
  return {
    count: (missed.length + 1) * SHAPES.length,
    speak({ node, suspicion }, opinions) {
      const suspected = SUSPICION ** suspicion;
      const density = counts.density(node, 0) * suspected;
      let e = 0;
      for (let shape = 0; shape < SHAPES.length; shape += 1) {
        for (const share of missed) {
          opinions[e++] = bounded(
            counts.posterior(node, SHAPES[shape] as number, Math.min(0.5, share * density)),
          );
        }
        opinions[e++] = bounded(counts.rate(node, shape) * suspected);
      }
    },
  };
}

function bounded(chance: number): number {
  return Math.min(MOST, Math.max(LEAST, chance));
}

function trustBy(scores: Float64Array, trust: Float64Array): void {
  const top = Math.max(...scores);
  let total = 0;
  for (let e = 0; e < scores.length; e += 1) {
    trust[e] = Math.exp((scores[e] as number) - top);
    total += trust[e] as number;
  }
  for (let e = 0; e < scores.length; e += 1) trust[e] = (trust[e] as number) / total;
}

function weighed(opinions: Float64Array, trust: Float64Array): number {
  let sum = 0;
  for (let e = 0; e < opinions.length; e += 1) sum += (opinions[e] as number) * (trust[e] as number);
  return sum;
}

/** Experts score by what they gave for what has come. */
function judge(
  opinions: Float64Array,
  { found, removed }: { found: number; removed: number },
  scores: Float64Array,
): void {
  for (let e = 0; e < scores.length; e += 1) {
    const chance = opinions[e] as number;
    scores[e] = (scores[e] as number) + found * Math.log(chance) + removed * Math.log1p(-chance);
  }
}
