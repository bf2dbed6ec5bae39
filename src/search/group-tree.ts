import type { Item } from './problem.ts';

/** The groups of all items as a forest under one root, node 0. A parent's number is less than its children's. */
export type GroupTree = {
  readonly parents: readonly number[];
  /** Items at or below a node. */
  readonly sizes: readonly number[];
  /** The innermost group of each item. */
  readonly leafOf: readonly number[];
};

export function groupTreeOf(items: readonly Item[]): GroupTree {
  const parents = [-1];
  const sizes = [0];
  const children: Map<string, number>[] = [new Map()];
  const childOf = (parent: number, name: string): number => {
    const known = children[parent]?.get(name);
    if (known !== undefined) return known;
    const node = parents.push(parent) - 1;
    sizes.push(0);
    children.push(new Map());
    children[parent]?.set(name, node);
    return node;
  };
  const leafOf = items.map(({ groups }) => groups.reduce(childOf, 0));
  for (const leaf of leafOf) {
    for (let node = leaf; node >= 0; node = parents[node] ?? -1) sizes[node] = (sizes[node] ?? 0) + 1;
  }
  return { parents, sizes, leafOf };
}
