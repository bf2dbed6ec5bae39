import { holdsOnLinux, launchFitness } from '../../analysis/fitness.ts';
import { analyseStatically, type StaticFindings } from '../../analysis/static.ts';
import type { Config } from '../../config/config-schema.ts';
import type { RootfsView } from '../../image/rootfs-view.ts';
import type { Case } from '../baseline/case.ts';
import { compose } from '../baseline/composition.ts';
import type { WarningListener } from '../reporter.ts';

export type StaticSubject = {
  readonly cases: readonly Case[];
  readonly rootfs: RootfsView;
  /** See `assume` of the settings. */
  readonly assumptions: Config['assume'];
  readonly signal: AbortSignal;
};

/** Stage 1, for every case of a unit: what can be known without running anything, and what stands against it. */
export async function staticStage(
  { warn }: WarningListener,
  { cases, rootfs, assumptions, signal }: StaticSubject,
): Promise<StaticFindings[]> {
  const findings: StaticFindings[] = [];
  for (const { launch, composition, isLinux = false } of cases) {
    const { tree, toUnit } = compose(composition, rootfs);
    const found = await analyseStatically(tree, launch, { assumptions, signal });
    findings.push({ ...found, needs: toUnit(found.needs) });
    for (const warning of launchFitness(tree, found)) {
      if (!isLinux || holdsOnLinux(warning)) warn(warning);
    }
    for (const { name, neededBy, searched } of found.missing) {
      const message = `${neededBy ?? found.command} links ${name}, which is in none of ${searched.join(', ')}`;
      warn({ code: 'library-missing', message });
    }
    for (const name of found.cacheNeeded) {
      warn({
        code: 'loader-cache',
        message: `${name} is found only by /etc/ld.so.cache, so kraft-slim keeps the cache`,
      });
    }
  }
  return findings;
}
