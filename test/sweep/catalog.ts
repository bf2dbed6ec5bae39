import type { EntryClass } from '../../src/entry/unit.ts';
import type { CatalogEntry } from '../../src/sweep/catalog-entry.ts';

/** An entry as discovery finds it, with its Dockerfile in its own directory. */
export function anEntry(name: string, more: Partial<CatalogEntry> = {}): CatalogEntry {
  const kind: EntryClass = name.startsWith('library/') ? 'library' : 'complete';
  const common = { id: `${name}/Dockerfile`, name, path: `/catalog/${name}`, directories: [name] };
  return { ...common, class: kind, runtime: null, ...more };
}

/** An entry over a library entry. */
export function aDelta(name: string, runtime: string): CatalogEntry {
  return anEntry(name, { class: 'runtime-delta', runtime });
}
