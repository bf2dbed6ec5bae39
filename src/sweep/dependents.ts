import { readUnit } from '../entry/read-unit.ts';
import type { RootfsUnit } from '../entry/unit.ts';
import type { FindDependents } from '../slim/task.ts';
import type { CatalogEntry } from './catalog-entry.ts';

/**
 * Looks for the deltas of a library entry among the entries that a sweep has found anyway: a look at the whole disk for
 * each library entry would take its square.
 */
export function dependentsAmong(entries: readonly CatalogEntry[]): FindDependents {
  return async ({ name }) => {
    const units: RootfsUnit[] = [];
    for (const entry of entries) {
      if (entry.runtime !== name) continue;
      const unit = await readUnit(entry.path).catch(() => undefined);
      if (unit !== undefined && 'dockerfile' in unit) units.push(unit);
    }
    return units;
  };
}
