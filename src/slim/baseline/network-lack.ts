import type { TriedConnection } from '../../strace/connections.ts';
import type { Trace } from '../../strace/read-trace.ts';
import { judge } from '../../workload/judge.ts';
import type { Observation } from '../../workload/run-launch.ts';
import type { Workload } from '../../workload/workload.ts';
import type { WarningListener } from '../reporter.ts';
import type { RunTools } from '../tools.ts';
import type { FirstRun } from './absent-clients.ts';
import { NETWORK_HINT } from './baseline-hint.ts';
import type { Baseline, Case } from './case.ts';
import { type CaseRun, tracedRun, tracerFor } from './run-case.ts';

/** The port of name servers. */
const DNS = 53;

/** How connect(2) fails where there is no network, or where no program listens. */
const FAILURES: ReadonlySet<string> = new Set([
  'ENETUNREACH',
  'ENETDOWN',
  'EHOSTUNREACH',
  'ECONNREFUSED',
  'ETIMEDOUT',
]);

/** Exit codes of shells and loaders for a program or a library that is not there: no network would change that. */
const NOT_THERE: ReadonlySet<number> = new Set([126, 127]);

const LOOPBACK = /^(?:127\.|::1$)/;

const RESOLVER_FILE = '/etc/resolv.conf';

/** What programs print where a lookup fails: glibc's resolver and musl's, BIND's programs, busybox, Node, Go. */
const LOOKUP_FAILED =
  /temporary failure in name resolution|name or service not known|name does not resolve|could ?n.t resolve|could not resolve|cannot resolve|bad address|no servers could be reached|unknown host|no such host|EAI_AGAIN|ENOTFOUND|no address associated|network is unreachable/i;

/**
 * Which use of a network fails in a run without a network, in words: `the lookup of a name failed`; null where the app
 * tries no such use. The trace is null where the engine cannot trace.
 */
export function networkLack(trace: Trace | null, printed: string): string | null {
  const connections = trace?.connections ?? [];
  const says = LOOKUP_FAILED.test(printed);
  const reads = trace === null || trace.touched.some(({ path }) => path === RESOLVER_FILE);
  const failed = connections.find(({ errno, port }) => port !== DNS && errno !== null && FAILURES.has(errno));
  if (failed !== undefined) return describeFailure(failed);
  if (connections.some(({ port }) => port === DNS) || (says && reads)) return 'the lookup of a name failed';
  return null;
}

function describeFailure({ address, port }: TriedConnection): string {
  const place = address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
  return LOOPBACK.test(address)
    ? `no program listens on ${place}`
    : `the connection to ${port === 0 ? address : place} failed`;
}

/**
 * A baseline with what its apps lack of a network. A program that runs once, and fails for that alone, is compared by
 * the status and the output of its failure, where the settings expect no other: a weak comparison, and a warning. Every
 * other app that fails keeps its failure, with the reason.
 */
export async function withNetworkLacks(
  tools: RunTools,
  reporter: WarningListener,
  { cases, baseline, subject, looks }: Baseline & Pick<FirstRun, 'subject' | 'looks'>,
): Promise<Baseline> {
  const found: Case[] = [];
  const settled: Observation[] = [];
  for (const [at, each] of cases.entries()) {
    const seen = baseline[at] as Observation;
    const trace = async () => await lastTrace(tools, each, { subject, looks });
    const lacking = await withNetworkLack(reporter, each, { seen, trace });
    found.push(lacking);
    settled.push(ofProbes(seen, lacking.workload));
  }
  return { cases: found, baseline: settled };
}

/** An observation whose answers are those to the probes of a workload: a verdict follows what each probe expects. */
export function ofProbes(seen: Observation, { probes }: Pick<Workload, 'probes'>): Observation {
  const answers = seen.answers.map(({ probe, answer }, at) => ({ probe: probes[at] ?? probe, answer }));
  return { ...seen, answers };
}

async function withNetworkLack(
  { warn }: WarningListener,
  each: Case,
  { seen, trace }: { readonly seen: Observation; readonly trace: () => Promise<Trace | null> },
): Promise<Case> {
  const { workload, launch } = each;
  const { exit } = seen;
  if (exit === null || NOT_THERE.has(exit.exitCode) || workload.network !== 'none') return each;
  if (judge(workload, seen, null).fault === null) return each;
  const lack = networkLack(await trace(), seen.lastOutput);
  if (lack === null) return each;
  const weaker = exit.outOfMemory ? null : comparedByFailure(workload, exit.exitCode);
  if (weaker === null) return { ...each, lack };
  warn({
    code: 'weak-workload',
    message: `${launch.kraftfile}: ${launch.argv[0]} ends with exit code ${exit.exitCode} on the full root file system, since the run has no network: ${lack}; kraft-slim compares that exit code and the output; ${NETWORK_HINT}`,
  });
  return { ...each, workload: weaker, lack };
}

/** The workload of a program that ends, with that failure as what is expected; null for any other. */
function comparedByFailure(workload: Workload, exitCode: number): Workload | null {
  const [probe, ...more] = workload.probes;
  if (workload.source === 'config' || workload.ports.length + workload.udpPorts.length > 0 || more.length > 0)
    return null;
  if (probe?.kind !== 'output' || !probe.ends || exitCode === 0) return null;
  return { ...workload, probes: [{ ...probe, expect: null, expectExitCode: exitCode }] };
}

/** One more run, traced; null where the engine cannot trace. */
async function lastTrace(tools: RunTools, each: Case, run: Omit<CaseRun, 'tracer'>): Promise<Trace | null> {
  const { tracer } = await tracerFor(tools);
  if (tracer === undefined) return null;
  const { traces } = await tracedRun(tools, each, { ...run, tracer });
  return traces.at(-1) ?? null;
}
