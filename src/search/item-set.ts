/** Two 32-bit fingerprints of an item's index, mixed as in MurmurHash3's finaliser. */
function mix(index: number, salt: number): number {
  let h = Math.imul(index + 1, 0x9e3779b1) ^ salt;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/**
 * Some of the items `0 .. universe - 1`, a bit each. Never changes. Its key is the exclusive or of its items' fingerprints
 * (Zobrist 1970), so that a set which differs in few items is keyed in as many steps.
 */
export class ItemSet {
  readonly #words: Uint32Array;
  readonly #high: number;
  readonly #low: number;
  readonly size: number;

  private constructor(words: Uint32Array, high: number, low: number, size: number) {
    this.#words = words;
    this.#high = high;
    this.#low = low;
    this.size = size;
  }

  static of(universe: number, items: Iterable<number>): ItemSet {
    return new ItemSet(new Uint32Array((universe + 31) >>> 5), 0, 0, 0).with(items);
  }

  static all(universe: number): ItemSet {
    return ItemSet.of(universe, Array(universe).keys());
  }

  /** 64 bits in hexadecimal: the same for the same items, in any process. */
  get key(): string {
    return this.#high.toString(16).padStart(8, '0') + this.#low.toString(16).padStart(8, '0');
  }

  has(item: number): boolean {
    return (((this.#words[item >>> 5] ?? 0) >>> (item & 31)) & 1) === 1;
  }

  with(items: Iterable<number>): ItemSet {
    return this.#flipped(items, false);
  }

  without(items: Iterable<number>): ItemSet {
    return this.#flipped(items, true);
  }

  isWithin(other: ItemSet): boolean {
    if (this.size > other.size) return false;
    return this.#words.every((word, at) => (word & ~(other.#words[at] ?? 0)) === 0);
  }

  /** Ascending. */
  *[Symbol.iterator](): Generator<number> {
    for (let at = 0; at < this.#words.length; at += 1) {
      for (let word = this.#words[at] ?? 0; word !== 0; word &= word - 1) {
        yield at * 32 + 31 - Math.clz32(word & -word);
      }
    }
  }

  /** The set with those of the items flipped of which it has what is looked for. */
  #flipped(items: Iterable<number>, present: boolean): ItemSet {
    const words = this.#words.slice();
    let [high, low, size] = [this.#high, this.#low, this.size];
    for (const item of items) {
      const bit = 1 << (item & 31);
      const word = words[item >>> 5] ?? 0;
      if (((word & bit) !== 0) !== present) continue;
      words[item >>> 5] = word ^ bit;
      high ^= mix(item, 0x2545f491);
      low ^= mix(item, 0x7f4a7c15);
      size += present ? -1 : 1;
    }
    return new ItemSet(words, high >>> 0, low >>> 0, size);
  }
}
