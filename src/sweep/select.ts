import type { EntryClass } from '../entry/unit.ts';
import { UserError } from '../shared/failure.ts';
import { matches } from '../shared/glob.ts';
import { withoutTrailing } from '../shared/trim-end.ts';
import { type CatalogEntry, deltasByRuntime } from './catalog-entry.ts';

/** What of a catalog a sweep is about; every part narrows it. */
export type Selection = {
  /** A directory from the catalog's root, the entry's own or one above it; null for all. */
  readonly below: string | null;
  /** Globs over names; a glob that matches a directory selects all entries below. None: all. */
  readonly globs: readonly string[];
  /** Paths from the catalog's root that have changed; null where no filter asks for them. */
  readonly changed: readonly string[] | null;
};

/** The settings file, which concerns every entry below it. */
const SETTINGS = 'kraft-slim.yaml';

/**
 * The entries that a sweep is asked for. A change of a library entry concerns the deltas over it as well, and one of
 * a delta its library entry, which is asked the delta's workload.
 * @throws UserError `kraftfile-missing` where no entry lies in the directory, `usage` for a glob that matches no
 * entry of it.
 */
export function selectEntries(
  entries: readonly CatalogEntry[],
  { below, globs, changed }: Selection,
): CatalogEntry[] {
  const inside = below === null ? entries : entries.filter(({ name }) => `${name}/`.startsWith(`${below}/`));
  if (inside.length === 0) {
    const where = below ?? 'the catalog';
    throw new UserError('kraftfile-missing', `cannot sweep ${where}: it contains no entry`);
  }
  const idle = globs.find((glob) => !inside.some(({ name }) => matchesAny([glob], name)));
  if (idle !== undefined) {
    throw new UserError('usage', `cannot sweep by --filter ${idle}: it matches no entry`, {
      hint: `write a glob over paths from the catalog's root, such as ${inside[0]?.name}`,
    });
  }
  const named = globs.length === 0 ? inside : inside.filter(({ name }) => matchesAny(globs, name));
  if (changed === null) return [...named];
  const touched = touchedNames(entries, changed);
  const concerned = new Set(touched);
  for (const [library, deltas] of deltasByRuntime(entries)) {
    const isTouched = touched.has(library);
    for (const { name } of deltas) {
      if (isTouched) concerned.add(name);
      if (touched.has(name)) concerned.add(library);
    }
  }
  return named.filter(({ name }) => concerned.has(name));
}

function matchesAny(globs: readonly string[], name: string): boolean {
  return globs.some((glob) => {
    const plain = withoutTrailing(glob, '/');
    return matches(plain, name) || matches(`${plain}/**`, name);
  });
}

function touchedNames(entries: readonly CatalogEntry[], changed: readonly string[]): Set<string> {
  const places = new Set<string>();
  const settings = new Set<string>();
  for (const path of changed) {
    const above = directoriesAbove(path);
    for (const directory of above) places.add(directory);
    if (path === SETTINGS || path.endsWith(`/${SETTINGS}`)) settings.add(above[0] ?? '.');
  }
  const concerns = ({ name, directories }: CatalogEntry) =>
    directories.some((directory) => places.has(directory)) ||
    [name, ...directoriesAbove(name)].some((directory) => settings.has(directory));
  return new Set(entries.filter(concerns).map(({ name }) => name));
}

/** The directories above a path, nearest first, `.` at the end. */
function directoriesAbove(path: string): string[] {
  const parts = path.split('/').slice(0, -1);
  return [...parts.map((_, at) => parts.slice(0, parts.length - at).join('/')), '.'];
}

/** Which classes are worked on; those of the others are skipped as `filtered`. */
export type ClassFilter = {
  readonly only: readonly EntryClass[];
  readonly skip: readonly EntryClass[];
};

/**
 * Makes sure that a class that alone is asked for is there.
 * @throws UserError `usage`.
 */
export function insistOnClasses(entries: readonly CatalogEntry[], { only }: ClassFilter): void {
  const idle = only.find((kind) => entries.every((entry) => entry.class !== kind));
  if (idle === undefined) return;
  throw new UserError('usage', `cannot sweep by --only ${idle}: the catalog has no entry of this class`);
}

/** Whether an entry is left out by its class. One that cannot be read has none, and is never left out. */
export function isFiltered({ class: entryClass }: CatalogEntry, { only, skip }: ClassFilter): boolean {
  if (entryClass === null) return false;
  return skip.includes(entryClass) || (only.length > 0 && !only.includes(entryClass));
}

/**
 * The order of work: what others wait for first, then what waits for it, since one after the other they take the
 * longest; among equals the longest first, where durations (seconds by name) are known, else by name.
 */
export function workOrder(
  entries: readonly CatalogEntry[],
  durations: ReadonlyMap<string, number> = new Map(),
): CatalogEntry[] {
  const awaited = deltasByRuntime(entries);
  const names = new Set(entries.map(({ name }) => name));
  const rank = ({ name, runtime }: CatalogEntry) => {
    if (runtime !== null && names.has(runtime)) return 1;
    return awaited.has(name) ? 0 : 2;
  };
  const seconds = ({ name }: CatalogEntry) => durations.get(name) ?? 0;
  return [...entries].sort((a, b) => rank(a) - rank(b) || seconds(b) - seconds(a));
}
