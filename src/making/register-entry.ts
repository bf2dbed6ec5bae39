import { dirname, join } from 'node:path';
import { README, readCatalogText, workflowOf } from '../catalog/entry-files.ts';
import { withRow } from '../catalog/entry-table.ts';
import type { FileChange } from '../slim/file-change.ts';
import { applyChanges } from '../slim/write/write.ts';
import { makeDirectory } from '../store/directories.ts';

/** What a catalog says of an entry outside of its directory. */
export type Registration = {
  readonly entry: string;
  /** The row of the table in the catalog's README; null for none. */
  readonly row: string | null;
  /** The text of its workflow; null for an entry that has none. */
  readonly workflow: string | null;
};

/**
 * Enters an entry in its catalog: its workflow, unless there is one of that name, and its row, if there is a table for
 * it. All other lines stay as they are. Gives the files that were written, relative to the root.
 */
export async function registerEntry(catalogRoot: string, registration: Registration): Promise<string[]> {
  const changes = await registrationChanges(catalogRoot, registration);
  for (const { name } of changes) makeDirectory(dirname(join(catalogRoot, name)), { root: catalogRoot });
  await applyChanges(changes, [], { directory: catalogRoot });
  return changes.map(({ name }) => name);
}

async function registrationChanges(
  catalogRoot: string,
  { entry, row, workflow }: Registration,
): Promise<FileChange[]> {
  const changes: FileChange[] = [];
  const path = workflowOf(entry);
  if (path !== null && workflow !== null && readCatalogText(catalogRoot, path) === null) {
    changes.push({ name: path, before: null, after: workflow });
  }
  const readme = readCatalogText(catalogRoot, README);
  const after = readme === null || row === null ? undefined : withRow(readme, entry, row);
  if (after !== undefined && after !== readme) changes.push({ name: README, before: readme, after });
  return changes;
}
