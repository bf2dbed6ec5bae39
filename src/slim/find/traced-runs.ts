import type { Tracer } from '../../analysis/tracer.ts';
import type { Trace } from '../../strace/read-trace.ts';
import { judge } from '../../workload/judge.ts';
import type { Observation } from '../../workload/run-launch.ts';
import type { Case } from '../baseline/case.ts';
import { type CaseRun, observe, tracedRun } from '../baseline/run-case.ts';
import { settleBaseline } from '../baseline/settle-baseline.ts';
import type { Reporter, WarningListener } from '../reporter.ts';
import type { RunTools } from '../tools.ts';

/** A case to be run again after its first run. */
export type RunsRequest = {
  readonly current: Case;
  /** How it behaved in its first run. */
  readonly baseline: Observation;
  readonly run: CaseRun;
};

/** The later runs of a case. */
export type LaterRuns = {
  /** Of its probes, each with at least one line. */
  readonly traces: readonly Trace[];
  /** Of its second look. */
  readonly again: readonly Trace[];
  /** What further runs have to answer; null where the answers differ from run to run, see `settleBaseline`. */
  readonly baseline: Observation | null;
};

/** Runs a case, traced, as often as its workload asks for. */
export async function tracedRuns(
  tools: RunTools,
  reporter: Reporter,
  request: RunsRequest & { readonly tracer: Tracer },
): Promise<LaterRuns> {
  const { current, tracer, run } = request;
  const traces: Trace[] = [];
  const again: Trace[] = [];
  let baseline: Observation | null = request.baseline;
  for (let count = 1; count < current.workload.runs; count += 1) {
    const { seen, traces: collected } = await tracedRun(tools, current, { ...run, tracer });
    for (const [at, trace] of collected.entries()) {
      if (trace.log.lines > 0) (at === 0 ? traces : again).push(trace);
    }
    if (baseline === null) continue;
    ({ baseline } = behaves(reporter, current, seen)
      ? { baseline: await settleBaseline(tools, reporter, { current, seen, baseline, run }) }
      : await repeatedRuns(tools, reporter, { current, baseline, run }));
  }
  if (traces.length === 0) {
    const message = `${current.launch.argv[0]} cannot be traced in this engine`;
    reporter.warn({ code: 'not-traced', message });
  }
  return { traces, again, baseline };
}

/** The same without a tracer: a baseline that differs from its second run would mean nothing. */
export async function repeatedRuns(
  tools: RunTools,
  reporter: Reporter,
  { current, baseline: first, run }: RunsRequest,
): Promise<LaterRuns> {
  let baseline: Observation | null = first;
  for (let count = 1; count < current.workload.runs && baseline !== null; count += 1) {
    const seen = await observe(tools, current, run);
    baseline = await settleBaseline(tools, reporter, { current, seen, baseline, run });
  }
  return { traces: [], again: [], baseline };
}

/** A warning names an app that fails under the tracer alone, since its trace may lack what it would have touched. */
function behaves({ warn }: WarningListener, { launch, workload }: Case, seen: Observation): boolean {
  const { fault } = judge(workload, seen, null);
  if (fault === null) return true;
  const message = `${launch.kraftfile} does not behave while it is traced: ${fault.message}`;
  warn({ code: 'not-traced', message });
  return false;
}
