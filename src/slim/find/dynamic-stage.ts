import { basename } from 'node:path/posix';
import { withoutDispensable } from '../../analysis/dispensable.ts';
import { type DynamicFindings, type MissedPath, needsOfTrace } from '../../analysis/dynamic.ts';
import { traceFitness } from '../../analysis/dynamic-fitness.ts';
import type { Need } from '../../analysis/need.ts';
import { needsLoaderCache, type StaticFindings } from '../../analysis/static.ts';
import { chooseTracer, type Tracer } from '../../analysis/tracer.ts';
import { variedMessage, variedPaths } from '../../analysis/varied.ts';
import type { Rootfs } from '../../image/rootfs.ts';
import type { ImagePath } from '../../shared/image-path.ts';
import type { Promised } from '../../shared/promises.ts';
import type { Trace } from '../../strace/read-trace.ts';
import { judge } from '../../workload/judge.ts';
import type { Observation } from '../../workload/run-launch.ts';
import { type Case, observe, type RunTools } from '../baseline/case.ts';
import { type Composed, compose } from '../baseline/composition.ts';
import { settleBaseline } from '../baseline/settle-baseline.ts';
import type { Subject } from '../baseline/subject.ts';
import { newSpool } from '../state/spools.ts';
import type { Workshop } from '../workshop.ts';

export type Traced = {
  readonly promise: Promised;
  readonly cases: readonly Case[];
  /** Of stage 1, one for each case. */
  readonly findings: readonly StaticFindings[];
  /** How the app behaved untraced, one for each case. */
  readonly baseline: readonly Observation[];
  readonly subject: Subject;
  readonly rootfs: Rootfs;
};

/** What stage 2 found out, over all cases. */
export type DynamicStage = {
  readonly needs: readonly Need[];
  /** Files that the apps wrote, made, renamed or removed. */
  readonly written: readonly ImagePath[];
  /** Paths that the apps looked for and did not find: where a result lacks something, it is most likely among them. */
  readonly missed: readonly MissedPath[];
  /** Paths that an app looks at and that make no difference to it, by what is known of it. */
  readonly indifferent: ReadonlySet<ImagePath>;
  /** What later runs have to answer, one for each case; see `settleBaseline`. */
  readonly baseline: readonly Observation[];
  /** Whether an app changed its user, so that modes and owners of directories decide what it may do. */
  readonly dropsPrivileges: boolean;
  /** Entries that only build on the unit and answered differently from run to run: they cannot be compared. */
  readonly unsteady: ReadonlySet<Case>;
};

/** Stage 2, for every case of a unit: what the traced app touches while it is started and used. */
export async function dynamicStage(
  workshop: Workshop & Pick<RunTools, 'looks'>,
  traced: Traced,
): Promise<DynamicStage> {
  const { signal } = workshop;
  const { tracer, reason } = await chooseTracer(workshop.engine, { newSpool, signal });
  if (tracer === undefined) {
    workshop.warn({ code: 'not-traced', message: `kraft-slim does not trace the app: ${reason}` });
    return {
      needs: [],
      written: [],
      missed: [],
      indifferent: new Set(),
      dropsPrivileges: false,
      ...(await repeat(workshop, traced)),
    };
  }
  const stages: Pick<DynamicStage, 'needs' | 'missed' | 'written'>[] = [];
  const indifferent = new Set<ImagePath>();
  const unsteady = new Set<Case>();
  const settled: Observation[] = [];
  let dropsPrivileges = false;
  for (const [at, current] of traced.cases.entries()) {
    const findings = traced.findings[at] as StaticFindings;
    const baseline = traced.baseline[at] as Observation;
    const composed = compose(current.composition, traced.rootfs);
    const {
      traces,
      again,
      baseline: later,
    } = await tracesOf(workshop, current, {
      tracer,
      subject: traced.subject,
      baseline,
    });
    settled.push(later ?? baseline);
    if (later === null) unsteady.add(current);
    const found = traces.map((trace) => needsOfTrace(composed.tree, trace));
    warnOfVariance(workshop, current, found);
    for (const [run, trace] of traces.entries()) {
      const { needs, failed: missed, kernelPaths, written } = found[run] as DynamicFindings;
      const left = dispensed(needs, {
        promise: traced.promise,
        env: current.launch.env,
        composed,
        findings,
        trace,
      });
      const kept = new Set(left);
      for (const need of needs) if (!kept.has(need)) indifferent.add(need.path);
      stages.push({ needs: composed.toUnit(left), missed, written });
      const isLinux = current.isLinux === true;
      if (!isLinux) warnOfKernelFiles(workshop, kernelPaths);
      const { argv } = trace.processes[0]?.programs.at(-1) ?? current.launch;
      for (const warning of traceFitness(trace, { argv })) {
        dropsPrivileges ||= warning.code === 'user-change';
        if (!isLinux) workshop.warn(warning);
      }
      if (!isLinux) warnOfScript(workshop, trace, findings);
    }
    for (const trace of again) {
      const { needs, failed: missed, written } = needsOfTrace(composed.tree, trace);
      const left = dispensed(needs, {
        promise: traced.promise,
        env: current.launch.env,
        composed,
        findings,
        trace,
      });
      stages.push({ needs: composed.toUnit(left), missed, written });
    }
  }
  const needs = stages.flatMap((stage) => stage.needs);
  for (const { path } of needs) indifferent.delete(path);
  return {
    needs,
    written: [...new Set(stages.flatMap(({ written }) => written))],
    missed: stages.flatMap(({ missed }) => missed),
    indifferent,
    dropsPrivileges,
    baseline: settled,
    unsteady,
  };
}

/** Without a tracer the second run is made all the same: a baseline that it does not equal would mean nothing. */
async function repeat(
  workshop: Workshop & Pick<RunTools, 'looks'>,
  { cases, baseline, subject }: Pick<Traced, 'cases' | 'baseline' | 'subject'>,
): Promise<Pick<DynamicStage, 'baseline' | 'unsteady'>> {
  const unsteady = new Set<Case>();
  const settled: Observation[] = [];
  for (const [at, current] of cases.entries()) {
    const first = baseline[at] as Observation;
    let later: Observation | null = first;
    for (let run = 1; run < current.workload.runs && later !== null; run += 1) {
      const seen = await observe(workshop, current, { subject });
      later = await settleBaseline(workshop, current, { seen, baseline: later, subject });
    }
    settled.push(later ?? first);
    if (later === null) unsteady.add(current);
  }
  return { baseline: settled, unsteady };
}

type CaseTrace = {
  readonly tracer: Tracer;
  readonly subject: Subject;
  readonly baseline: Observation;
};

/**
 * The traced runs of a case, as many as its workload asks for, and those of its second look; none where the engine
 * cannot trace.
 */
async function tracesOf(
  workshop: Workshop & Pick<RunTools, 'looks'>,
  current: Case,
  { tracer, subject, baseline: first }: CaseTrace,
): Promise<{ traces: Trace[]; again: Trace[]; baseline: Observation | null }> {
  const traces: Trace[] = [];
  const again: Trace[] = [];
  let baseline: Observation | null = first;
  for (let run = 1; run < current.workload.runs; run += 1) {
    const collected: Trace[] = [];
    const seen = await observe(workshop, current, {
      subject,
      tracer: {
        ...tracer,
        collect: async (container) => {
          collected.push(await tracer.collect(container));
        },
      },
    });
    for (const [at, trace] of collected.entries()) {
      if (trace.log.lines > 0) (at === 0 ? traces : again).push(trace);
    }
    if (baseline === null) continue;
    if (behaves(workshop, current, seen)) {
      baseline = await settleBaseline(workshop, current, { seen, baseline, subject });
      continue;
    }
    const repeated = await repeat(workshop, { cases: [current], baseline: [baseline], subject });
    baseline = repeated.unsteady.has(current) ? null : (repeated.baseline[0] ?? null);
  }
  if (traces.length === 0) {
    const message = `${current.launch.argv[0]} cannot be traced in this engine`;
    workshop.warn({ code: 'not-traced', message });
  }
  return { traces, again, baseline };
}

/** Needs of a trace less those that make no difference to the app. */
export function dispensed(
  needs: readonly Need[],
  {
    promise,
    env,
    composed: { tree },
    findings,
    trace,
  }: {
    promise: Promised;
    env: Case['launch']['env'];
    composed: Composed;
    findings: StaticFindings;
    trace: Trace;
  },
): Need[] {
  const loaded = trace.touched.filter(({ executable }) => executable).map(({ path }) => basename(path));
  const cacheNeeded = needsLoaderCache(tree, { program: findings.program, env, loaded });
  return withoutDispensable(needs, { tree, promise, env, program: findings.program, cacheNeeded });
}

/** What only some of several runs touched is kept like all else, with a warning: another run may find more. */
function warnOfVariance({ warn }: Workshop, { launch }: Case, found: readonly DynamicFindings[]): void {
  const varied = variedPaths(found.map(({ needs }) => needs));
  if (varied.length === 0) return;
  const message = `${launch.kraftfile}: ${variedMessage(varied, found.length)}`;
  warn({ code: 'trace-varied', message });
}

/** A warning names an app that fails under the tracer alone, since its trace may lack what it would have touched. */
function behaves({ warn }: Workshop, { launch, workload }: Case, seen: Observation): boolean {
  const { fault } = judge(workload, seen, null);
  if (fault === null) return true;
  const message = `${launch.kraftfile} does not behave while it is traced: ${fault.message}`;
  warn({ code: 'not-traced', message });
  return false;
}

/** Dependence on /proc and /sys: Unikraft's base has none of it. /dev is there, as far as the kernel makes it. */
function warnOfKernelFiles({ warn }: Workshop, kernelPaths: readonly ImagePath[]): void {
  // numbers of processes and threads differ from run to run
  const steady = kernelPaths.map((path) => path.replace(/\/\d+(?=\/|$)/g, '/N'));
  const kernel = [...new Set(steady)].filter((path) => !path.startsWith('/dev'));
  if (kernel.length === 0) return;
  const message = `the app reads ${kernel.join(', ')}, which Unikraft does not have`;
  warn({ code: 'kernel-files', message });
}

/** What execs again cannot start: static analysis has reported a script that only execs another command. */
function warnOfScript({ warn }: Workshop, { processes }: Trace, findings: StaticFindings): void {
  const last = processes[0]?.programs.at(-1);
  if (findings.script !== null && findings.wrapped !== null) return;
  if (last === undefined || (processes[0]?.programs.length ?? 0) < 2) return;
  const message = `${findings.command} executes ${JSON.stringify(last.argv)}: use that as cmd`;
  warn({ code: findings.script === null ? 'processes' : 'script-cmd', message });
}
