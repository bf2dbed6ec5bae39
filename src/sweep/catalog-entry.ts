import type { EntryClass } from '../entry/unit.ts';

/** One rootfs unit of a catalog, as far as a sweep has to know it: small, since a catalog may have thousands. */
export type CatalogEntry = {
  /** What identifies it: the path of its Dockerfile, or of its Kraftfile where it has none, from the catalog's root. */
  readonly id: string;
  /** The directory from the catalog's root: how results name it. */
  readonly name: string;
  /** Where it is read: its directory, or one of its Kraftfiles where that is not the usual one; absolute. */
  readonly path: string;
  /** null where it cannot be read: its result gives the reason. */
  readonly class: EntryClass | null;
  /** Of a runtime delta the name of the library entry that it lies over; null for every other. */
  readonly runtime: string | null;
  /** Directories from the catalog's root, `.` for the root itself, of which a change may concern it. */
  readonly directories: readonly string[];
};

/** The entries that lie over another entry, by the name of that entry. */
export function deltasByRuntime(entries: readonly CatalogEntry[]): Map<string, CatalogEntry[]> {
  const names = new Set(entries.map(({ name }) => name));
  const deltas = new Map<string, CatalogEntry[]>();
  for (const entry of entries) {
    if (entry.runtime === null || !names.has(entry.runtime)) continue;
    deltas.set(entry.runtime, [...(deltas.get(entry.runtime) ?? []), entry]);
  }
  return deltas;
}
