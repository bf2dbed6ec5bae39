/**
 * Some of the items `0 .. universe - 1`, a bit each. Never changes. Its key is the exclusive or of its items' fingerprints
 * (Zobrist 1970), so that a set which differs in a few items is keyed in as many steps.
 */
export class ItemSet {
  readonly #words: Uint32Array;
  readonly #fingerprint: Fingerprint;
  readonly size: number;

  private constructor(words: Uint32Array, fingerprint: Fingerprint, size: number) {
    this.#words = words;
    this.#fingerprint = fingerprint;
    this.size = size;
  }

  static of(universe: number, items: Iterable<number>): ItemSet {
    return new ItemSet(new Uint32Array((universe + 31) >>> 5), { high: 0, low: 0 }, 0).#flip(items, false);
  }

  static all(universe: number): ItemSet {
    return ItemSet.of(universe, Array(universe).keys());
  }

  /** 64 bits in hexadecimal: the same for the same items, in any process. */
  get key(): string {
    return textOf(this.#fingerprint);
  }

  /** The key of the set without an item that it has. */
  keyWithout(item: number): string {
    return textOf(flipped(this.#fingerprint, item));
  }

  has(item: number): boolean {
    return (((this.#words[item >>> 5] ?? 0) >>> (item & 31)) & 1) === 1;
  }

  without(items: Iterable<number>): ItemSet {
    return this.#flip(items, true);
  }

  isWithin(other: ItemSet): boolean {
    if (this.size > other.size) return false;
    for (let at = 0; at < this.#words.length; at += 1) {
      if (((this.#words[at] ?? 0) & ~(other.#words[at] ?? 0)) !== 0) return false;
    }
    return true;
  }

  /** Ascending. */
  *[Symbol.iterator](): Generator<number> {
    for (let at = 0; at < this.#words.length; at += 1) {
      for (let word = this.#words[at] ?? 0; word !== 0; word &= word - 1) {
        yield at * 32 + 31 - Math.clz32(word & -word);
      }
    }
  }

  /** The set with those of the items flipped that are in it, or that are not. */
  #flip(items: Iterable<number>, present: boolean): ItemSet {
    const words = this.#words.slice();
    let fingerprint = this.#fingerprint;
    let flips = 0;
    for (const item of items) {
      const bit = 1 << (item & 31);
      const word = words[item >>> 5] ?? 0;
      if (((word & bit) !== 0) !== present) continue;
      words[item >>> 5] = word ^ bit;
      fingerprint = flipped(fingerprint, item);
      flips += 1;
    }
    return new ItemSet(words, fingerprint, this.size + (present ? -flips : flips));
  }
}

type Fingerprint = { readonly high: number; readonly low: number };

function flipped({ high, low }: Fingerprint, item: number): Fingerprint {
  return { high: (high ^ mixed(item, 0x2545f491)) >>> 0, low: (low ^ mixed(item, 0x7f4a7c15)) >>> 0 };
}

function textOf({ high, low }: Fingerprint): string {
  return high.toString(16).padStart(8, '0') + low.toString(16).padStart(8, '0');
}

/** 32 bits that an item is known by: MurmurHash3's finaliser. */
function mixed(item: number, salt: number): number {
  let bits = Math.imul(item + 1, 0x9e3779b1) ^ salt;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}
