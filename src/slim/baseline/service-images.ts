import type { ImageConfig } from '../../engine/engine.ts';
import { type InternalService, internalServices, overLoopback } from '../../entry/internal-services.ts';
import type { KraftRun } from '../../entry/kraft-run.ts';
import { composeLaunch } from '../../entry/launch.ts';
import type { RootfsUnit } from '../../entry/unit.ts';
import type { UseOfEntry } from '../../entry/use-files.ts';
import type { Service, Workload } from '../../workload/workload.ts';

/** The image of an entry that others name by `.internal`. */
export type ServiceImage = { readonly unit: RootfsUnit; readonly config: ImageConfig };

export type Served = {
  readonly workload: Workload;
  /** The run, where the apps that it names are at its loopback. */
  readonly run: KraftRun;
  /** The names of what is not there: without it no request can be made. */
  readonly missing: readonly string[];
};

/**
 * A workload with the apps that its run names by `.internal` as services; without requests if such an app is missing.
 */
export function withServices(
  run: KraftRun,
  workload: Workload,
  { others, images }: { readonly others: UseOfEntry['others']; readonly images: readonly ServiceImage[] },
): Served {
  const plain = { workload, run, missing: [] };
  if (workload.source === 'derived') return plain;
  const needed = internalServices(run, others);
  const services: Service[] = [];
  const missing = [...needed.missing];
  for (const needs of needed.services) {
    const image = images.find(({ unit }) => unit.name === needs.entry);
    if (image === undefined) missing.push(needs.entry);
    else services.push(serviceOf(needs, image));
  }
  if (missing.length > 0) return { run, missing, workload: { ...workload, source: 'derived' } };
  if (services.length === 0) return plain;
  return { run: overLoopback(run), workload: { ...workload, services }, missing };
}

function serviceOf({ run, ports }: InternalService, { unit, config }: ServiceImage): Service {
  const { argv, env } = composeLaunch(unit.kraftfiles[0], config, { run: overLoopback(run) });
  return { command: argv, image: config.id, env, ports };
}
