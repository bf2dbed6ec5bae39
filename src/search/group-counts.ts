import type { Cells } from './cells.ts';

/** How much groups differ in what answers show of them, as the shapes of gamma distributions: from much to little. */
export const SHAPES: readonly number[] = [0.05, 0.3, 3];

/** A group is taken to be like the one around it, as if so many more of its items had shown it. */
const KINSHIP = 1;

/** What is seen and found in each group, its subgroups included, and the densities that follow. */
export type GroupCounts = {
  countTraced(node: number, by: number): void;
  /** Among the untraced: found needed, and known to be needed or not. */
  countUntraced(node: number, found: number, known: number): void;
  /** Computes the densities from the counts. */
  settle(): void;
  /** Traced or found needed, for each item of the whole. */
  readonly overall: number;
  /**
   * The same at a node, smoothed by the node above; `aside` items that count are left out, of the count and of the
   * size.
   */
  density(node: number, aside: number): number;
  /** Needed for each untraced item, by the answers alone; the second is the place of a shape. */
  rate(node: number, shape: number): number;
  /** Needed for each untraced item, by the answers and, as far as these say nothing, a prior. */
  posterior(node: number, shape: number, prior: number): number;
};

export function groupCounts({ parents, sizes }: Cells): GroupCounts {
  const nodes = parents.length;
  const marks = new Float64Array(nodes);
  const found = new Float64Array(nodes);
  const known = new Float64Array(nodes);
  const densities = new Float64Array(nodes);
  const rates = SHAPES.map(() => new Float64Array(nodes));
  const total = sizes[0] ?? 0;
  const unknownRate = Math.min(0.05, 1 / Math.sqrt(total + 1));

  const add = (counts: Float64Array, leaf: number, by: number) => {
    for (let node = leaf; node >= 0; node = parents[node] ?? -1) counts[node] = (counts[node] ?? 0) + by;
  };
  const overall = () => ((marks[0] ?? 0) + 0.5) / (total + 1);
  const density = (node: number, aside: number) => {
    const above = node === 0 ? overall() : (densities[parents[node] ?? 0] ?? 0);
    const counted = Math.max(0, (marks[node] ?? 0) - aside);
    return (counted + KINSHIP * above) / ((sizes[node] ?? 0) - aside + KINSHIP);
  };
  const posterior = (node: number, shape: number, prior: number) =>
    ((found[node] ?? 0) + shape) / ((known[node] ?? 0) + shape / prior);
  const settleRates = (table: Float64Array, shape: number) => {
    table[0] = posterior(0, 0.5, unknownRate);
    for (let node = 1; node < nodes; node += 1) {
      table[node] = posterior(node, shape, table[parents[node] ?? 0] ?? unknownRate);
    }
  };
  return {
    countTraced: (node, by) => add(marks, node, by),
    countUntraced(node, needed, judged) {
      add(marks, node, needed);
      add(found, node, needed);
      add(known, node, judged);
    },
    settle() {
      for (let node = 0; node < nodes; node += 1) densities[node] = density(node, 0);
      for (let at = 0; at < SHAPES.length; at += 1) settleRates(rates[at] as Float64Array, SHAPES[at] ?? 1);
    },
    get overall() {
      return overall();
    },
    density,
    rate: (node, shape) => rates[shape]?.[node] ?? 0,
    posterior,
  };
}
