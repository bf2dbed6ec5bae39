import type { Config, Promised } from '../config/config-schema.ts';
import type { RootfsUnit } from '../entry/unit.ts';
import type { SearchOptions } from './search-stage.ts';

/**
 * What a run promises of an entry. A search that removes files promises the workload alone, since it tries every file
 * that no probe needs; else the settings say it, else the entry's class and place: others build on a library.
 */
export function promiseOf(
  { class: entryClass, name }: Pick<RootfsUnit, 'class' | 'name'>,
  { promise }: Pick<Config, 'promise'>,
  search: Pick<SearchOptions, 'strategy'> | null,
): Promised {
  if (search !== null && search.strategy !== 'grow') return 'workload';
  return promise ?? (entryClass === 'library' || name.startsWith('library/') ? 'runtime' : 'app');
}
