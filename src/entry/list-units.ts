import { basename, dirname } from 'node:path';
import { kraftfileDirectories } from '../catalog/walk.ts';
import { isStandardName } from '../kraftfile/find-kraftfile.ts';
import { UserError } from '../shared/failure.ts';
import { readUnit } from './read-unit.ts';
import type { EntryWithoutDockerfile, RootfsUnit } from './unit.ts';

/** A unit of a catalog, as the walk meets it. */
export type ListedUnit = {
  /** Where it is read: the directory of a Kraftfile of a standard name, else the Kraftfile; host path. */
  readonly path: string;
  /** null where it cannot be read: the work on it says why. */
  readonly unit: RootfsUnit | EntryWithoutDockerfile | null;
};

/**
 * Every unit of a catalog, each once, as `kraftfileDirectories` meets their first Kraftfiles. Directories below an
 * entry are its sources, whatever lies in them. An entry with a Dockerfile alone is a unit too.
 * @param isWanted whether to read the unit of a Kraftfile at all; by default every unit is read
 */
export async function* unitsOf(
  catalogRoot: string,
  isWanted: (kraftfile: string) => Promise<boolean> = async () => true,
): AsyncGenerator<ListedUnit> {
  const known = new Set<string>();
  for (const { files } of kraftfileDirectories(catalogRoot, { root: catalogRoot, bare: true })) {
    for (const kraftfile of distinctOf(files)) {
      if (known.has(kraftfile) || !(await isWanted(kraftfile))) continue;
      const path = isStandardName(basename(kraftfile)) ? dirname(kraftfile) : kraftfile;
      const unit = await readUnit(path).catch((error: unknown) => {
        if (error instanceof UserError) return null;
        throw error;
      });
      for (const listedFile of unit?.kraftfiles ?? []) known.add(listedFile.path);
      yield { path, unit };
      // the others of the directory would fail for the same reason
      if (unit === null) break;
    }
  }
}

/** Kraftfiles of a directory without the second of two standard names: there they are one mistake. */
function distinctOf(files: readonly string[]): string[] {
  const isStandard = (path: string) => isStandardName(basename(path));
  const first = files.find(isStandard);
  return files.filter((path) => path === first || !isStandard(path));
}
