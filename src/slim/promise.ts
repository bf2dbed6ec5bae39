import type { Config } from '../config/config-schema.ts';
import type { Marker } from '../dockerfile/marker.ts';
import type { RootfsUnit } from '../entry/unit.ts';
import { PROMISES, type Promised } from '../shared/promises.ts';
import type { SearchOptions } from './entry-options.ts';
import type { Warning } from './result.ts';

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
  return promise ?? (entryClass === 'library' || /(^|\/)library\//.test(name) ? 'runtime' : 'app');
}

/** Whether a stage that the tool wrote holds a promise. Versions that knew no promises kept the workload at most. */
export function isHeldBy({ fields }: Pick<Marker, 'fields'>, promise: Promised): boolean {
  const held = fields?.promise ?? null;
  return held !== null && PROMISES.indexOf(held) >= PROMISES.indexOf(promise);
}

/** What a stage that the tool wrote holds. */
export function promiseIn({ fields }: Pick<Marker, 'fields'>): Promised {
  return fields?.promise ?? 'workload';
}

/**
 * What a run can hold where it begins with a Dockerfile of this marker. A stage rewritten in place is all that is left
 * of its original, so that it holds no more than the marker says.
 */
export function holdable(marker: Marker | null, promise: Promised): Promised {
  if (marker === null || !marker.isInPlace || isHeldBy(marker, promise)) return promise;
  return promiseIn(marker);
}

/** The warning for a stage rewritten in place that holds less than is asked for; null where none is due. */
export function narrowedWarning(marker: Marker | null, promise: Promised): Warning | null {
  const held = holdable(marker, promise);
  if (held === promise) return null;
  const message = `the promise is ${promise}, but the stage that kraft-slim rewrote in place holds only ${held}: to regain the rest, git checkout the original Dockerfile and slim it again`;
  return { code: 'promise-narrowed', message };
}
