import { basename, dirname, join } from 'node:path';
import { internalServices } from '../entry/internal-services.ts';
import { readUnit } from '../entry/read-unit.ts';
import { runsOfKraftfile } from '../entry/readme-runs.ts';
import type { RootfsUnit } from '../entry/unit.ts';
import { readUse } from '../entry/use-files.ts';
import { UserError } from '../shared/failure.ts';
import { workloadOfUse } from '../workload/from-uses.ts';

/**
 * The units that the requests to a unit need: apps of the same group that it names by `.internal`, each once. It leaves
 * out what cannot be read, or lies over a runtime.
 */
export async function serviceUnits(unit: RootfsUnit): Promise<RootfsUnit[]> {
  const units = new Map<string, RootfsUnit>();
  for (const { path } of unit.kraftfiles) {
    const use = readUse(dirname(path), unit.catalogRoot);
    const [first] = runsOfKraftfile(use.readme, basename(path));
    const { described, workload } = workloadOfUse(first, use);
    if (described === undefined || workload.source === 'derived') continue;
    for (const { entry } of internalServices(described.run, use.others).services) {
      const other = await readUnit(join(unit.catalogRoot, entry)).catch((error: unknown) => {
        if (error instanceof UserError) return null;
        throw error;
      });
      if (other !== null && 'dockerfile' in other && other.class !== 'runtime-delta') units.set(entry, other);
    }
  }
  return [...units.values()];
}
