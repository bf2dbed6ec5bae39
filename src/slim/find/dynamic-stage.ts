import type { MissedPath } from '../../analysis/dynamic.ts';
import type { Need } from '../../analysis/need.ts';
import type { StaticFindings } from '../../analysis/static.ts';
import type { Rootfs } from '../../image/rootfs.ts';
import type { ImagePath } from '../../shared/image-path.ts';
import type { Promised } from '../../shared/promises.ts';
import type { Observation } from '../../workload/run-launch.ts';
import type { Case } from '../baseline/case.ts';
import { compose } from '../baseline/composition.ts';
import { tracerFor } from '../baseline/run-case.ts';
import type { Subject } from '../baseline/subject.ts';
import type { Reporter } from '../reporter.ts';
import type { RunTools } from '../tools.ts';
import { type CaseNeeds, needsOfCase } from './case-needs.ts';
import { repeatedRuns, tracedRuns } from './traced-runs.ts';

export type Traced = {
  readonly promise: Promised;
  readonly cases: readonly Case[];
  /** Of stage 1, one for each case. */
  readonly findings: readonly StaticFindings[];
  /** How the app behaved untraced, one for each case. */
  readonly baseline: readonly Observation[];
  readonly subject: Subject;
  /** Whether the apps get a second look. */
  readonly looks: boolean;
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
  tools: RunTools,
  reporter: Reporter,
  traced: Traced,
): Promise<DynamicStage> {
  const { promise, subject, looks, rootfs } = traced;
  const { tracer, reason } = await tracerFor(tools);
  if (tracer === undefined)
    reporter.warn({ code: 'not-traced', message: `kraft-slim does not trace the app: ${reason}` });
  const found: CaseNeeds[] = [];
  const settled: Observation[] = [];
  const unsteady = new Set<Case>();
  for (const [at, current] of traced.cases.entries()) {
    const findings = traced.findings[at] as StaticFindings;
    const baseline = traced.baseline[at] as Observation;
    const request = { current, baseline, run: { subject, looks } };
    const runs =
      tracer === undefined
        ? await repeatedRuns(tools, reporter, request)
        : await tracedRuns(tools, reporter, { ...request, tracer });
    settled.push(runs.baseline ?? baseline);
    if (runs.baseline === null) unsteady.add(current);
    const composed = compose(current.composition, rootfs);
    found.push(needsOfCase(reporter, { promise, current, findings, composed }, runs));
  }
  const needs = found.flatMap((each) => each.needs);
  const indifferent = new Set(found.flatMap((each) => each.indifferent));
  for (const { path } of needs) indifferent.delete(path);
  return {
    needs,
    written: [...new Set(found.flatMap(({ written }) => written))],
    missed: found.flatMap(({ missed }) => missed),
    indifferent,
    dropsPrivileges: found.some(({ dropsPrivileges }) => dropsPrivileges),
    baseline: settled,
    unsteady,
  };
}
