import { basename } from 'node:path/posix';
import { withoutDispensable } from '../../analysis/dispensable.ts';
import { type DynamicFindings, type MissedPath, needsOfTrace } from '../../analysis/dynamic.ts';
import { traceFitness } from '../../analysis/dynamic-fitness.ts';
import type { Need } from '../../analysis/need.ts';
import { needsLoaderCache, type StaticFindings } from '../../analysis/static.ts';
import { variedMessage, variedPaths } from '../../analysis/varied.ts';
import { append } from '../../shared/append.ts';
import type { ImagePath } from '../../shared/image-path.ts';
import type { Promised } from '../../shared/promises.ts';
import type { Trace } from '../../strace/read-trace.ts';
import type { Case } from '../baseline/case.ts';
import type { Composed } from '../baseline/composition.ts';
import type { WarningListener } from '../reporter.ts';
import type { LaterRuns } from './traced-runs.ts';

/** What the traces of a case are read with. */
export type TracedCase = {
  readonly promise: Promised;
  readonly current: Case;
  readonly findings: StaticFindings;
  readonly composed: Composed;
};

/** What the traces of a case show. */
export type CaseNeeds = {
  readonly needs: readonly Need[];
  readonly written: readonly ImagePath[];
  readonly missed: readonly MissedPath[];
  /** Paths that the app looks at and that make no difference to it. */
  readonly indifferent: readonly ImagePath[];
  /** Whether the app changed its user. */
  readonly dropsPrivileges: boolean;
};

/** Reads the traces of a case; warns of what Unikraft lacks, and of what differs from trace to trace. */
export function needsOfCase(
  reporter: WarningListener,
  traced: TracedCase,
  { traces, again }: LaterRuns,
): CaseNeeds {
  const { current, composed } = traced;
  const found = traces.map((trace) => needsOfTrace(composed.tree, trace));
  warnOfVariance(reporter, current, found);
  const needs: Need[] = [];
  const written: ImagePath[] = [];
  const missed: MissedPath[] = [];
  const indifferent: ImagePath[] = [];
  let dropsPrivileges = false;
  const add = (trace: Trace, of: DynamicFindings) => {
    const left = dispensed(of.needs, traced, trace);
    append(needs, composed.toUnit(left));
    append(missed, of.failed);
    append(written, of.written);
    return new Set(left);
  };
  for (const [at, trace] of traces.entries()) {
    const of = found[at] as DynamicFindings;
    const kept = add(trace, of);
    for (const need of of.needs) if (!kept.has(need)) indifferent.push(need.path);
    if (warnOfTrace(reporter, traced, { trace, of })) dropsPrivileges = true;
  }
  for (const trace of again) add(trace, needsOfTrace(composed.tree, trace));
  return { needs, written, missed, indifferent, dropsPrivileges };
}

/** Needs of a trace less those that make no difference to the app. */
export function dispensed(
  needs: readonly Need[],
  { promise, current, findings, composed: { tree } }: TracedCase,
  trace: Trace,
): Need[] {
  const { env } = current.launch;
  const loaded = trace.touched.filter(({ executable }) => executable).map(({ path }) => basename(path));
  const cacheNeeded = needsLoaderCache(tree, { program: findings.program, env, loaded });
  return withoutDispensable(needs, { tree, promise, env, program: findings.program, cacheNeeded });
}

/** Warns of what a trace shows that Unikraft does not have; whether the app changed its user. */
function warnOfTrace(
  reporter: WarningListener,
  { current, findings }: TracedCase,
  { trace, of }: { readonly trace: Trace; readonly of: DynamicFindings },
): boolean {
  const { argv } = trace.processes[0]?.programs.at(-1) ?? current.launch;
  const warnings = traceFitness(trace, { argv });
  if (current.isLinux !== true) {
    warnOfKernelFiles(reporter, of.kernelPaths);
    for (const warning of warnings) reporter.warn(warning);
    warnOfScript(reporter, trace, findings);
  }
  return warnings.some(({ code }) => code === 'user-change');
}

/** What only some of several runs touched is kept like all else, with a warning: another run may find more. */
function warnOfVariance(
  { warn }: WarningListener,
  { launch }: Case,
  found: readonly DynamicFindings[],
): void {
  const varied = variedPaths(found.map(({ needs }) => needs));
  if (varied.length === 0) return;
  const message = `${launch.kraftfile}: ${variedMessage(varied, found.length)}`;
  warn({ code: 'trace-varied', message });
}

/** Dependence on /proc and /sys: Unikraft's base has none of it. /dev is there, as far as the kernel makes it. */
function warnOfKernelFiles({ warn }: WarningListener, kernelPaths: readonly ImagePath[]): void {
  // numbers of processes and threads differ from run to run
  const steady = kernelPaths.map((path) => path.replace(/\/\d+(?=\/|$)/g, '/N'));
  const kernel = [...new Set(steady)].filter((path) => !path.startsWith('/dev'));
  if (kernel.length === 0) return;
  const message = `the app reads ${kernel.join(', ')}, which Unikraft does not have`;
  warn({ code: 'kernel-files', message });
}

/** What execs again cannot start: static analysis has reported a script that only execs another command. */
function warnOfScript({ warn }: WarningListener, { processes }: Trace, findings: StaticFindings): void {
  const last = processes[0]?.programs.at(-1);
  if (findings.script !== null && findings.wrapped !== null) return;
  if (last === undefined || (processes[0]?.programs.length ?? 0) < 2) return;
  const message = `${findings.command} executes ${JSON.stringify(last.argv)}: use that as cmd`;
  warn({ code: findings.script === null ? 'processes' : 'script-cmd', message });
}
