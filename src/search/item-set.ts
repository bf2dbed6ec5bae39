/**
 * Some of the items `0 .. universe - 1`, a bit each. Never changes. Its key is the exclusive or of its items'
 * fingerprints (Zobrist 1970), so that a set which differs in a few items is keyed in as many steps.
 */
export class ItemSet {
  readonly #words: Uint32Array;
  readonly #high: number;
  readonly #low: number;
  readonly size: number;

  private constructor(words: Uint32Array, fingerprint: readonly [high: number, low: number], size: number) {
    this.#words = words;
    [this.#high, this.#low] = fingerprint;
    this.size = size;
  }

  static all(universe: number): ItemSet {
    const words = new Uint32Array((universe + 31) >>> 5);
    let [high, low] = [0, 0];
    for (let item = 0; item < universe; item += 1) {
      words[item >>> 5] = (words[item >>> 5] as number) | (1 << (item & 31));
      high ^= mixed(item, HIGH);
      low ^= mixed(item, LOW);
    }
    return new ItemSet(words, [high, low], universe);
  }

  /** A whole number of 53 bits: the same for the same items, in any process. */
  get key(): number {
    return joined(this.#high, this.#low);
  }

  /** The key of the set without an item that it has. */
  keyWithout(item: number): number {
    return joined(this.#high ^ mixed(item, HIGH), this.#low ^ mixed(item, LOW));
  }

  has(item: number): boolean {
    return (((this.#words[item >>> 5] ?? 0) >>> (item & 31)) & 1) === 1;
  }

  without(items: Iterable<number>): ItemSet {
    const words = this.#words.slice();
    let [high, low, size] = [this.#high, this.#low, this.size];
    for (const item of items) {
      const word = words[item >>> 5] ?? 0;
      const bit = 1 << (item & 31);
      if ((word & bit) === 0) continue;
      words[item >>> 5] = word ^ bit;
      high ^= mixed(item, HIGH);
      low ^= mixed(item, LOW);
      size -= 1;
    }
    return new ItemSet(words, [high, low], size);
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
}

/** Salts of the two halves of a fingerprint: any two numbers that differ. */
const [HIGH, LOW] = [0x2545f491, 0x7f4a7c15];

/** 32 bits that an item is known by: MurmurHash3's finaliser. */
function mixed(item: number, salt: number): number {
  let bits = Math.imul(item + 1, 0x9e3779b1) ^ salt;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return bits ^ (bits >>> 16);
}

function joined(high: number, low: number): number {
  return (high >>> 11) * 2 ** 32 + (low >>> 0);
}
