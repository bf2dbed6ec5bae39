import { groupTreeOf } from './group-tree.ts';
import type { Item } from './problem.ts';

/** Items that nothing tells apart but their bytes: one innermost group, traced alike, suspected alike. */
export type Cell = {
  readonly node: number;
  readonly traced: boolean;
  readonly suspicion: number;
  readonly items: readonly number[];
};

/** How likely each cell's items are to be needed, learned as the oracle answers. */
export type Beliefs = {
  readonly cells: readonly Cell[];
  readonly cellOf: Int32Array;
  /** P(needed) of an open item of each cell. */
  read(): Float64Array;
  /** Items of a cell were found needed, or removed; `sign` -1 takes it back. */
  learn(cell: number, found: number, cleared: number): void;
};

const KAPPA = 1;
const JUNK = [0.03, 0.08, 0.2, 0.4, 0.8, 1.6, 4];
const MISSED = [0.3, 0.1, 0.03, 0.01, 0.003, 0.0003];
const SHAPES = [0.3, 3];
const most = (p: number) => Math.min(0.98, Math.max(1e-7, p));

export function beliefsOf(items: readonly Item[]): Beliefs {
  const tree = groupTreeOf(items);
  const cells: (Cell & { items: number[] })[] = [];
  const byKey = new Map<string, number>();
  const cellOf = new Int32Array(items.length);
  for (const [index, { traced, suspicion, held }] of items.entries()) {
    const node = tree.leafOf[index] ?? 0;
    const key = `${node} ${traced} ${suspicion}`;
    let cell = byKey.get(key);
    if (cell === undefined) {
      cell = cells.push({ node, traced, suspicion, items: [] }) - 1;
      byKey.set(key, cell);
    }
    cellOf[index] = cell;
    if (!held) cells[cell]?.items.push(index);
  }
  const nodes = tree.parents.length;
  const marks = new Float64Array(nodes);
  const found = new Float64Array(nodes); // plain ones
  const known = new Float64Array(nodes);
  const cellFound = new Float64Array(cells.length);
  const cellKnown = new Float64Array(cells.length);
  const up = (counts: Float64Array, node: number, by: number) => {
    for (let at = node; at >= 0; at = tree.parents[at] ?? -1) counts[at] = (counts[at] ?? 0) + by;
  };
  let anyTraced = false;
  for (const [index, { traced }] of items.entries()) {
    if (!traced) continue;
    anyTraced = true;
    up(marks, tree.leafOf[index] ?? 0, 1);
  }
  const density = new Float64Array(nodes);
  const answered = SHAPES.map(() => new Float64Array(nodes));
  // experts
  const classes = [...new Set(cells.map(({ traced, suspicion }) => `${traced} ${suspicion}`))];
  const classOf = cells.map(({ traced, suspicion }) => classes.indexOf(`${traced} ${suspicion}`));
  const PLAIN = [
    ...(anyTraced ? MISSED.flatMap((mu) => SHAPES.map((shape) => ({ mu, shape }))) : []),
    ...SHAPES.map((shape) => ({ mu: 0, shape })),
  ];
  const weights = classes.map(
    (name) => new Float64Array(name.startsWith('true') ? JUNK.length : PLAIN.length),
  );
  const guesses = cells.map(({ traced }) => new Float64Array(traced ? JUNK.length : PLAIN.length));
  const p = new Float64Array(cells.length);
  const p0 = Math.min(0.05, 1 / Math.sqrt(items.length + 1));

  const refresh = () => {
    const root = ((marks[0] ?? 0) + 0.5) / ((tree.sizes[0] ?? 0) + 1);
    for (let node = 0; node < nodes; node += 1) {
      const above = node === 0 ? root : (density[tree.parents[node] ?? 0] ?? 0);
      density[node] = ((marks[node] ?? 0) + KAPPA * above) / ((tree.sizes[node] ?? 0) + KAPPA);
      for (const [s, shape] of SHAPES.entries()) {
        const table = answered[s] as Float64Array;
        const prior = node === 0 ? p0 : (table[tree.parents[node] ?? 0] ?? p0);
        const a = node === 0 ? 0.5 : shape;
        table[node] = ((found[node] ?? 0) + a) / ((known[node] ?? 0) + a / prior);
      }
    }
    for (const [at, { node, traced, suspicion }] of cells.entries()) {
      const guess = guesses[at] as Float64Array;
      if (traced) {
        const above = node === 0 ? root : (density[tree.parents[node] ?? 0] ?? 0);
        const around =
          (Math.max(0, (marks[node] ?? 0) - 1) + KAPPA * above) / ((tree.sizes[node] ?? 0) - 1 + KAPPA);
        for (const [e, junk] of JUNK.entries()) guess[e] = most(around / (around + junk * root));
      } else {
        for (const [e, { mu, shape }] of PLAIN.entries()) {
          if (mu === 0) {
            guess[e] = most((answered[SHAPES.indexOf(shape)]?.[node] ?? 0) * 8 ** suspicion);
            continue;
          }
          const prior = Math.min(0.5, mu * (density[node] ?? 0) * 8 ** suspicion);
          guess[e] = most(((cellFound[at] ?? 0) + shape) / ((cellKnown[at] ?? 0) + shape / prior));
        }
      }
      const weight = weights[classOf[at] ?? 0] as Float64Array;
      let [sum, total] = [0, 0];
      let top = Number.NEGATIVE_INFINITY;
      for (let e = 0; e < weight.length; e += 1) top = Math.max(top, weight[e] ?? 0);
      for (let e = 0; e < weight.length; e += 1) {
        const w = Math.exp((weight[e] ?? 0) - top);
        sum += w * (guess[e] ?? 0);
        total += w;
      }
      p[at] = sum / total;
    }
  };

  return {
    cells,
    cellOf,
    read() {
      refresh();
      return p;
    },
    learn(at, f, c) {
      const { node, traced } = cells[at] as Cell;
      const weight = weights[classOf[at] ?? 0] as Float64Array;
      const guess = guesses[at] as Float64Array;
      for (let e = 0; e < weight.length; e += 1) {
        const q = guess[e] ?? 0;
        weight[e] = (weight[e] ?? 0) + f * Math.log(q) + c * Math.log1p(-q);
      }
      cellFound[at] = (cellFound[at] ?? 0) + f;
      cellKnown[at] = (cellKnown[at] ?? 0) + f + c;
      if (traced) up(marks, node, -c);
      else {
        up(marks, node, f);
        up(found, node, f);
        up(known, node, f + c);
      }
    },
  };
}
