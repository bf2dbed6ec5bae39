import type { WarningListener } from '../reporter.ts';
import type { RunTools } from '../tools.ts';
import type { FirstRun } from './absent-clients.ts';
import { withAbsentClients } from './absent-clients.ts';
import type { Baseline } from './case.ts';
import { withoutFailingDependents } from './judge-cases.ts';
import { withNetworkLacks } from './network-lack.ts';

/**
 * Cases that this machine can judge: clients that the full image lacks come from other images, other entries and second
 * command lines that fail are left out, and a program that fails for lack of a network is compared by its failure.
 */
export async function settleCases(
  tools: RunTools,
  reporter: WarningListener,
  first: FirstRun,
): Promise<Baseline> {
  const reached = await withAbsentClients(tools, reporter, first);
  const working = withoutFailingDependents(reporter, reached.cases, reached.baseline);
  return await withNetworkLacks(tools, reporter, { ...first, ...working });
}
