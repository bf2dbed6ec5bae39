/** Items that one question leaves out together. */
export type Pool = {
  readonly part: readonly number[];
  /** P(one of them at least is needed). */
  readonly risk: number;
};

/** Undecided items that are equally likely to be needed, the largest first. */
export type Stock = {
  readonly items: readonly number[];
  /** Bytes of an item, on the average. */
  readonly bytes: number;
  readonly chance: number;
};

/**
 * The pool to ask about next: its answer is as open as can be, since such an answer says most, and it holds what
 * promises most bytes for the risk. For items of equal chance this is the group test of Hwang (1972); above a chance
 * of (3 - sqrt 5) / 2 each is asked about alone, as Ungar (1960) showed to be best.
 */
export function nextPool(stocks: readonly Stock[]): Pool {
  const part: number[] = [];
  let clean = 1;
  const promising = stocks.map((stock) => ({
    ...stock,
    yield: stock.bytes / -Math.log1p(-stock.chance),
  }));
  for (const { items, chance } of promising.sort((a, b) => b.yield - a.yield)) {
    for (const item of items) {
      const next = clean * (1 - chance);
      if (part.length > 0 && Math.abs(next - 0.5) >= Math.abs(clean - 0.5)) break;
      part.push(item);
      clean = next;
    }
  }
  return { part, risk: 1 - clean };
}

/** Items of which one at least is needed, by P(it is so). */
export type Suspects = { readonly items: readonly number[]; readonly certainty: number };

/** The suspects in two: `part` is asked about, `rest` is suspected if `part` can go. */
export type Halves = Pool & { readonly rest: readonly number[]; readonly restCertainty: number };

/**
 * Parts at least two suspects so that the answer is as open as can be. They stay in order, so that groups stay
 * together.
 */
export function halve({ items, certainty }: Suspects, chanceOf: (item: number) => number): Halves {
  const chances = items.map((item) => Math.log1p(-chanceOf(item)));
  const noneNeeded = Math.exp(chances.reduce((sum, chance) => sum + chance, 0));
  let clean = 0;
  let best = { count: 1, off: 2, partClean: 0.5 };
  for (let count = 1; count < items.length; count += 1) {
    clean += chances[count - 1] ?? 0;
    const partClean = (Math.exp(clean) - noneNeeded) / (1 - noneNeeded);
    const off = Math.abs(certainty * partClean + 1 - certainty - 0.5);
    if (off < best.off) best = { count, off, partClean };
  }
  const { count, partClean } = best;
  return {
    part: items.slice(0, count),
    risk: certainty * (1 - partClean),
    rest: items.slice(count),
    restCertainty: (certainty * partClean) / (certainty * partClean + 1 - certainty),
  };
}
