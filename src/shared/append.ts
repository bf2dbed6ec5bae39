/**
 * Adds items at the end of a list. `list.push(...items)` hands each of them over as an argument, and throws a
 * RangeError from about 125,000 on.
 */
export function append<T>(list: T[], items: Iterable<T>): void {
  for (const item of items) list.push(item);
}
