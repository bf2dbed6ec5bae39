import { ItemSet } from '../src/search/item-set.ts';

/** Does it still work with these items? Counted where it is asked. */
type Works = (kept: ItemSet) => boolean;

/** A way to find what is needed from nothing but answers: items in order, and how many of them are needed at most. */
export type Rival = {
  readonly name: string;
  readonly run: (items: number, works: Works, needed: number) => ItemSet;
};

/** Tries each half, then its halves. What is known to hold something needed is not asked about as a whole. */
function recursiveHalving(items: number, works: Works): ItemSet {
  let kept = ItemSet.all(items);
  const shrink = (chunk: readonly number[], isKnown: boolean): boolean => {
    if (!isKnown && works(kept.without(chunk))) {
      kept = kept.without(chunk);
      return true;
    }
    if (chunk.length === 1) return false;
    const middle = chunk.length >>> 1;
    const gone = shrink(chunk.slice(0, middle), false);
    shrink(chunk.slice(middle), gone);
    return false;
  };
  shrink([...kept], false);
  return kept;
}

/** Hwang, A method for detecting all defective members in a population by group testing (1972). It is told how many. */
function binarySplitting(items: number, works: Works, needed: number): ItemSet {
  let kept = ItemSet.all(items);
  let left = [...kept];
  let missing = needed;
  while (left.length > 0 && missing > 0) {
    const power = Math.max(0, Math.floor(Math.log2((left.length - missing + 1) / missing)));
    let group = left.slice(0, Math.min(left.length, 2 ** power));
    if (works(kept.without(group))) {
      kept = kept.without(group);
      left = left.slice(group.length);
      continue;
    }
    while (group.length > 1) {
      const half = group.slice(0, group.length >>> 1);
      if (works(kept.without(half))) {
        kept = kept.without(half);
        group = group.slice(half.length);
      } else group = half;
    }
    missing -= 1;
    left = left.filter((item) => item !== group[0] && kept.has(item));
  }
  return kept.without(left);
}

/** Wang et al., Probabilistic Delta Debugging (2021). */
function probDd(items: number, works: Works): ItemSet {
  let kept = ItemSet.all(items);
  const chances = new Float64Array(items).fill(0.1);
  for (;;) {
    const open = [...kept].filter((item) => (chances[item] ?? 1) < 1 - 1e-9);
    if (open.length === 0) return kept;
    open.sort((a, b) => (chances[a] ?? 0) - (chances[b] ?? 0));
    let [clean, best, size] = [1, 0, 1];
    for (const [at, item] of open.entries()) {
      clean *= 1 - (chances[item] ?? 0);
      if ((at + 1) * clean > best) [best, size] = [(at + 1) * clean, at + 1];
    }
    const group = open.slice(0, size);
    if (works(kept.without(group))) kept = kept.without(group);
    else {
      const dirty = 1 - group.reduce((product, item) => product * (1 - (chances[item] ?? 0)), 1);
      for (const item of group) chances[item] = Math.min(1, (chances[item] ?? 0) / dirty);
    }
  }
}

/** Zhang et al., Deep Dive into Probabilistic Delta Debugging (2024): sizes by a counter of rounds instead of by chances. */
function counterDd(items: number, works: Works): ItemSet {
  let kept = ItemSet.all(items);
  for (let chance = 0.1; ; chance /= 1 - Math.exp(-1)) {
    const size = chance < 1 ? Math.max(1, Math.floor(-1 / Math.log(1 - chance))) : 1;
    const round = [...kept];
    for (let at = 0; at < round.length; at += size) {
      const next = kept.without(round.slice(at, at + size));
      if (works(next)) kept = next;
    }
    if (size === 1) return kept;
  }
}

export const RIVALS: readonly Rival[] = [
  { name: 'recursive halving', run: recursiveHalving },
  { name: 'binary splitting, k known', run: binarySplitting },
  { name: 'ProbDD', run: probDd },
  { name: 'CDD', run: counterDd },
];
