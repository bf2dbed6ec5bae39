import { nameOfPath } from '../catalog/catalog-root.ts';
import { compareEntries } from '../catalog/entry-table.ts';
import { unitsOf } from '../entry/list-units.ts';

/**
 * Where the units of a catalog are read, the newest version of a name first: the older ones lead to it, and it is there
 * already by then.
 */
export async function entriesToRefresh(catalogRoot: string): Promise<string[]> {
  const found: [name: string, path: string][] = [];
  for await (const { path, unit } of unitsOf(catalogRoot)) {
    found.push([unit?.name ?? nameOfPath(path), path]);
  }
  return found.sort(([a], [b]) => compareEntries(b, a)).map(([, path]) => path);
}
