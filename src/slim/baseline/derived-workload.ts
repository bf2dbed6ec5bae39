import { deriveWorkload } from '../../workload/discover.ts';
import { StartError } from '../../workload/program.ts';
import type { Workload } from '../../workload/workload.ts';
import { memoryOfRun } from '../gate.ts';
import type { WarningListener } from '../reporter.ts';
import type { RunTools } from '../tools.ts';
import type { Case } from './case.ts';
import { containerOf } from './run-case.ts';
import type { Subject } from './subject.ts';

/** How an app is used whose authors do not say so, found by looking at it; it counts as a weak workload. */
export async function derivedWorkload(
  { engine, networks, signal, gate }: RunTools,
  { warn }: WarningListener,
  { current, subject }: { readonly current: Case; readonly subject: Subject },
): Promise<Workload> {
  const { argv, env, kraftfile } = current.launch;
  const { ports, limits, network } = current.workload;
  warn({
    code: 'weak-workload',
    message: `neither the README nor kraft-slim.yaml describes how ${kraftfile} is used: kraft-slim starts it and compares the answers on its ports`,
  });
  const container = await containerOf(current, subject);
  try {
    const request = { ...container, argv, env, ports, limits, network, signal };
    const run = () => deriveWorkload(engine, request, (network) => networks.take(engine, network));
    return await gate.run(run, memoryOfRun(current.workload));
  } catch (error) {
    // the baseline says it better
    if (error instanceof StartError) return current.workload;
    throw error;
  }
}
