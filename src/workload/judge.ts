import type { Answer, Probe } from './probe.ts';
import { describe } from './probe-kinds.ts';
import type { Observation } from './run-launch.ts';
import { holdsText } from './text.ts';
import type { Workload } from './workload.ts';

export type ProbeVerdict = { readonly probe: Probe; readonly passed: boolean; readonly why: string | null };

/** What a run says of an app; `fault` is null where it behaves. */
export type Verdict = {
  readonly probes: readonly ProbeVerdict[];
  readonly fault: {
    readonly code: 'not-started' | 'workload-failed';
    /** One sentence, lower case, no full stop. */
    readonly message: string;
    /** What the app printed last, or how the answers differ. */
    readonly detail: string;
  } | null;
};

/**
 * Judges a run: it has started, stayed up, met what the workload expects, and, where a baseline is given,
 * answered as that did. A text with an expectation of its own need not equal the baseline's.
 */
export function judge(workload: Workload, seen: Observation, baseline: Observation | null): Verdict {
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
  return { probes, fault: { code: 'workload-failed', message, detail: seen.lastOutput } };
}

function startProblem({ ports, limits }: Workload, seen: Observation): string | null {
  if (seen.startFault !== null) return `the app cannot be started: ${seen.startFault}`;
  if (seen.ready) return null;
  if (seen.exit === null)
    return `no one listened on port ${ports.join(', ')} within ${limits.readyMs / 1000} seconds`;
  return `the app ended ${ending(seen.exit)} before it was ready`;
}

function endProblem({ ports }: Workload, { exit }: Observation): string | null {
  if (exit === null || ports.length === 0) return null;
  return `the app ended ${ending(exit)} while it was asked`;
}

function ending({ exitCode, outOfMemory }: NonNullable<Observation['exit']>): string {
  return outOfMemory ? 'for want of memory' : `with exit code ${exitCode}`;
}

function problemOf(probe: Probe, answer: Answer, baseline: Answer | null): string | null {
  if (answer.fault !== null) return answer.fault;
  if (baseline !== null && answer.status !== baseline.status) {
    return `${answer.status}, where the baseline has ${baseline.status}`;
  }
  if (baseline === null && isFailure(probe, answer)) return `answered ${answer.status}`;
  if (probe.expect !== null) {
    return holdsExpected(answer, probe.expect)
      ? null
      : `${excerpt(wholeOf(answer))} came instead of ${excerpt(probe.expect)}`;
  }
  if (baseline === null || answer.text === baseline.text) return null;
  return `${excerpt(answer.text)} came, where the baseline has ${excerpt(baseline.text)}`;
}

function holdsExpected(answer: Answer, expected: string): boolean {
  if (answer.head === undefined) return holdsText(answer.text ?? '', expected);
  return holdsText(withoutTimes(wholeOf(answer)), withoutTimes(expected));
}

function wholeOf({ head, text }: Answer): string {
  return head === undefined ? (text ?? '') : `${head}\n\n${text ?? ''}`;
}

/** Headers whose value is another from one answer or build to the next, RFC 9110 and 9111. */
const VOLATILE = /^([^\S\n]*(?:date|last-modified|etag|age|expires):).*$/gim;

/** The author of a README quotes the values of one moment: that such a header is there is what counts. */
function withoutTimes(text: string): string {
  return text.replace(VOLATILE, '$1');
}

/** Without a baseline to equal, a server's error and a program's failure speak for themselves. */
function isFailure(probe: Probe, { status }: Answer): boolean {
  if (probe.kind === 'http') return Number.parseInt(status ?? '', 10) >= 400;
  return probe.kind === 'output' && status !== 'exit code 0';
}

const EXCERPT = 120;

function excerpt(text: string | null): string {
  const line = JSON.stringify((text ?? '').trim());
  return line.length <= EXCERPT ? line : `${line.slice(0, EXCERPT)}…`;
}
