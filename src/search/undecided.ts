import type { Cells } from './cells.ts';
import type { Stock } from './pool.ts';
import type { Item } from './problem.ts';

/** Which items are open to removal, of those that are not held. */
export type SearchScope = 'untraced' | 'all';

/** The items that are neither found needed nor removed, by cells. */
export class Undecided {
  readonly #items: readonly Item[];
  readonly #cells: Cells;
  readonly #left = new Map<number, Omit<Stock, 'chance'>>();

  constructor(items: readonly Item[], cells: Cells) {
    this.#items = items;
    this.#cells = cells;
    this.reopen(() => true);
  }

  /** The cells that have some. */
  get cells(): Iterable<number> {
    return this.#left.keys();
  }

  /** Exactly those items that are not held and for which it is so. */
  reopen(isUndecided: (item: number) => boolean): void {
    this.#left.clear();
    for (const [cell, { items }] of this.#cells.cells.entries()) this.#leave(cell, items.filter(isUndecided));
  }

  close(cell: number, decided: readonly number[]): void {
    const gone = new Set(decided);
    const items = this.#left.get(cell)?.items ?? [];
    this.#leave(
      cell,
      items.filter((item) => !gone.has(item)),
    );
  }

  has(scope: SearchScope): boolean {
    for (const cell of this.#left.keys()) if (this.covers(scope, cell)) return true;
    return false;
  }

  /** With the chances of their cells. */
  stocks(scope: SearchScope, chances: Float64Array): Stock[] {
    return [...this.#left]
      .filter(([cell]) => this.covers(scope, cell))
      .map(([cell, { items, bytes }]) => ({ items, bytes, chance: chances[cell] ?? 0 }));
  }

  covers(scope: SearchScope, cell: number): boolean {
    return scope === 'all' || this.#cells.cells[cell]?.traced === false;
  }

  #leave(cell: number, items: readonly number[]): void {
    // an empty file counts too: it costs a line
    const bytes = items.reduce((sum, item) => sum + (this.#items[item]?.bytes ?? 0) + 1, 0);
    if (items.length > 0) this.#left.set(cell, { items, bytes: bytes / items.length });
    else this.#left.delete(cell);
  }
}
