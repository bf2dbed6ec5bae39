import type { ItemSet } from '../../src/search/item-set.ts';
import type { Item, Question } from '../../src/search/problem.ts';
import { randomOf } from '../../src/search/random.ts';

/** A root file system to search, and what the search must not see: the items that are needed. */
export type Instance = {
  readonly name: string;
  readonly items: readonly Item[];
  readonly needed: readonly number[];
};

export function needsAll(needed: readonly number[]): (kept: ItemSet) => boolean {
  return (kept) => needed.every((item) => kept.has(item));
}

/** An honest oracle: yes exactly when all that is needed is there. */
export function honest({ needed }: Instance): Question {
  const works = needsAll(needed);
  return async (kept) => works(kept);
}

/** The same, but each answer is turned round with probability `noise`. */
export function lying({ needed }: Instance, noise: number, seed: number): Question {
  const works = needsAll(needed);
  const random = randomOf(seed);
  return async (kept) => works(kept) !== random() < noise;
}

export type Shape = {
  readonly files: number;
  readonly groups: number;
  /** Groups in which something is needed, as a share of all. */
  readonly hot: number;
  /** Needed files of a hot group, as a share. */
  readonly density: number;
  /** Needed files that are traced, as a share. */
  readonly recall: number;
  /** Other files that are traced, as a share. */
  readonly junk: number;
  /** Directories in each group, between the group and its files. */
  readonly directories: number;
};

/** An instance drawn from a shape. Sizes of groups and files have long tails, as in a distribution. */
export function drawInstance(shape: Shape, seed: number): Instance {
  const random = randomOf(seed);
  const weights = Array.from({ length: shape.groups }, () => (1 - random()) ** -0.8);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const items: Item[] = [];
  const needed: number[] = [];
  for (const [group, weight] of weights.entries()) {
    const isHot = random() < shape.hot;
    for (let left = Math.ceil((shape.files * weight) / total); left > 0; left -= 1) {
      const isNeeded = isHot && random() < shape.density;
      if (isNeeded) needed.push(items.length);
      const directory = Math.floor(random() * shape.directories);
      items.push({
        bytes: Math.floor(400 * (1 - random()) ** -1.1),
        groups: shape.directories > 0 ? [`${group}`, `${directory}`] : [`${group}`],
        traced: random() < (isNeeded ? shape.recall : shape.junk),
        held: false,
        suspicion: 0,
      });
    }
  }
  return { name: `drawn ${seed}`, items, needed };
}

/** Bits that are missing where each of `count` items is needed with a chance of `share`: no search does with fewer runs. */
export function entropy(count: number, share: number): number {
  if (share <= 0 || share >= 1) return 0;
  return -count * (share * Math.log2(share) + (1 - share) * Math.log2(1 - share));
}
