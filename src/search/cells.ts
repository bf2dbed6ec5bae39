import type { Item } from './problem.ts';
import { randomOf, shuffled } from './random.ts';

/** Items that differ in nothing but their bytes: in the same innermost group, traced or not, suspected alike. */
export type Cell = {
  readonly node: number;
  readonly traced: boolean;
  readonly suspicion: number;
  /** Those that are not held, the largest first. */
  readonly items: readonly number[];
};

/** How the items lie in groups, and the groups in each other, under one root, which is node 0. */
export type Cells = {
  readonly cells: readonly Cell[];
  /** The cell of each item. */
  readonly cellOf: readonly number[];
  /** The parent of each node, which has the lesser number; the root's is -1. */
  readonly parents: readonly number[];
  /** Items at or below each node. */
  readonly sizes: readonly number[];
};

/** The seed decides in what order items of the same cell and the same size are tried. */
export function cellsOf(items: readonly Item[], seed: number): Cells {
  const { nodeOf, parents } = nodesOf(items);
  const cells: (Omit<Cell, 'items'> & { items: number[] })[] = [];
  const known = new Map<number, number>();
  const cellOf = items.map(({ traced, suspicion }, index) => {
    const node = nodeOf[index] ?? 0;
    const key = (suspicion * parents.length + node) * 2 + (traced ? 1 : 0);
    const cell = known.get(key) ?? cells.push({ node, traced, suspicion, items: [] }) - 1;
    known.set(key, cell);
    return cell;
  });
  for (const item of shuffled([...items.keys()], randomOf(seed))) {
    if (items[item]?.held === false) cells[cellOf[item] ?? 0]?.items.push(item);
  }
  const bytesOf = (item: number) => items[item]?.bytes ?? 0;
  for (const { items: members } of cells) members.sort((a, b) => bytesOf(b) - bytesOf(a));
  const sizes = parents.map(() => 0);
  for (const leaf of nodeOf) {
    for (let node = leaf; node >= 0; node = parents[node] ?? -1) sizes[node] = (sizes[node] ?? 0) + 1;
  }
  return { cells, cellOf, parents, sizes };
}

function nodesOf(items: readonly Item[]): { nodeOf: number[]; parents: number[] } {
  const parents = [-1];
  const children = [new Map<string, number>()];
  const childOf = (parent: number, name: string): number => {
    const known = children[parent]?.get(name);
    if (known !== undefined) return known;
    const node = parents.push(parent) - 1;
    children.push(new Map());
    children[parent]?.set(name, node);
    return node;
  };
  return { nodeOf: items.map(({ groups }) => groups.reduce(childOf, 0)), parents };
}
