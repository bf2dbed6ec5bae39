import { launchFitness } from '../analysis/fitness.ts';
import { analyseStatically, type StaticFindings } from '../analysis/static.ts';
import type { Rootfs } from '../image/rootfs.ts';
import type { Case } from './case.ts';
import type { Workshop } from './workshop.ts';

/** Stage 1, for every case of a unit: what can be known without running anything, and what stands against it. */
export async function staticStage(
  { config, warn }: Pick<Workshop, 'config' | 'warn'>,
  cases: readonly Case[],
  rootfs: Rootfs,
): Promise<StaticFindings[]> {
  const findings: StaticFindings[] = [];
  for (const { launch } of cases) {
    const found = await analyseStatically(rootfs, launch, config.assume);
    findings.push(found);
    for (const warning of launchFitness(rootfs, found)) warn(warning);
    for (const { name, neededBy, searched } of found.missing) {
      const message = `${neededBy ?? found.command} links ${name}, which is in none of ${searched.join(', ')}`;
      warn({ code: 'library-missing', message });
    }
    for (const name of found.cacheNeeded) {
      warn({ code: 'loader-cache', message: `${name} is found by /etc/ld.so.cache alone, so that is kept` });
    }
  }
  return findings;
}
