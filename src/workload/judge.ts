import { problemOf } from './compare-answer.ts';
import type { Probe } from './probe.ts';
import { describe } from './probe-kinds.ts';
import type { Observation } from './run-launch.ts';
import type { Workload } from './workload.ts';

export type ProbeVerdict = { readonly probe: Probe; readonly passed: boolean; readonly why: string | null };

/** What a run says of an app; `fault` is null where it behaves. */
export type Verdict = {
  readonly probes: readonly ProbeVerdict[];
  readonly fault: {
    readonly code: 'not-started' | 'workload-failed' | 'limit-exceeded';
    /** One sentence, lower case, no full stop. */
    readonly message: string;
    /** What the user can do about a limit, where that depends on the limit. */
    readonly hint?: string;
    /** What the app printed last, or how the answers differ. */
    readonly detail: string;
  } | null;
};

/**
 * Judges a run: it has started, stayed up, met what the workload expects, and, where a baseline is given,
 * answered as that did. A text with an expectation need not equal the baseline's.
 */
export function judge(workload: Workload, seen: Observation, baseline: Observation | null): Verdict {
  if (seen.exceeded !== undefined) {
    const { message, hint } = seen.exceeded;
    const probes = workload.probes.map((probe) => ({ probe, passed: false, why: message }));
    return { probes, fault: { code: 'limit-exceeded', message, hint, detail: seen.lastOutput } };
  }
  const notStarted = startProblem(workload, seen);
  if (notStarted !== null) {
    const probes = workload.probes.map((probe) => ({ probe, passed: false, why: 'the app did not start' }));
    return { probes, fault: { code: 'not-started', message: notStarted, detail: seen.lastOutput } };
  }
  const probes = seen.answers.map(({ probe, answer }, index) => {
    const why = problemOf(probe, answer, baseline?.answers[index]?.answer ?? null);
    return { probe, passed: why === null, why };
  });
  const failed = probes.find(({ passed }) => !passed);
  const message =
    failed === undefined ? endProblem(workload, seen) : `${describe(failed.probe)}: ${failed.why}`;
  if (message === null) return { probes, fault: null };
  const isTooLong = failed !== undefined && seen.answers[probes.indexOf(failed)]?.answer.isTooLong === true;
  const code = isTooLong ? 'limit-exceeded' : 'workload-failed';
  return { probes, fault: { code, message, detail: seen.lastOutput } };
}

function startProblem({ limits }: Workload, seen: Observation): string | null {
  if (seen.startFault !== null) return `cannot start the app: ${seen.startFault}`;
  if (seen.ready) return null;
  if (seen.exit !== null) return `the app ended ${ending(seen.exit)} before it was ready`;
  return `${seen.lacking ?? 'it was not ready'} within ${limits.readyMs / 1000} seconds`;
}

/** Who has ports has to stay for all questions, unless one of these is about its end. */
function endProblem({ ports, udpPorts, probes }: Workload, { exit }: Observation): string | null {
  const outputs = probes.filter((probe) => probe.kind === 'output');
  const lasts =
    outputs.length === 0 ? ports.length + udpPorts.length > 0 : outputs.every(({ ends }) => !ends);
  if (exit === null || !lasts) return null;
  return `the app ended ${ending(exit)} while kraft-slim probed it`;
}

function ending({ exitCode, outOfMemory }: NonNullable<Observation['exit']>): string {
  return outOfMemory ? 'for lack of memory' : `with exit code ${exitCode}`;
}
