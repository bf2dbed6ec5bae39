import type { CopiedPath } from '../../dockerfile/copied-paths.ts';
import type { RootfsUnit } from '../../entry/unit.ts';
import { type Arrival, arrivalsOf, assembleLayout, withExactDirectories } from '../../plan/layout.ts';
import { type Plan, planSlim } from '../../plan/plan.ts';
import { hasUnusual } from '../../render/staged-root.ts';
import type { ImagePath } from '../../shared/image-path.ts';
import type { Baseline } from '../baseline/case.ts';
import { steady } from '../baseline/judge-cases.ts';
import type { BaselineRequest, OpenedBaseline } from '../baseline/open-baseline.ts';
import type { NeedsFound } from '../find/find-needs.ts';
import { warnOfMissing } from '../find/given-needs.ts';
import type { WarningListener } from '../reporter.ts';
import { stagingOf } from '../unit-texts.ts';

/** A unit whose needs are found and planned. */
export type AnalysedUnit = {
  readonly request: BaselineRequest;
  readonly opened: OpenedBaseline;
  /** The cases that can be compared, and what they have to answer. */
  readonly compared: Baseline;
  readonly plan: Plan;
  /** What the plan keeps, as it arrives in the result. */
  readonly planned: readonly Arrival[];
  /** What the app looks for without needing it. */
  readonly indifferent: ReadonlySet<ImagePath>;
  /** What the COPY lines of a stage made by hand have copied; null for any other stage. */
  readonly copied: ReadonlyMap<ImagePath, CopiedPath> | null;
};

/** Closes the needs of a unit over its root file system, with a warning for each need that leads nowhere. */
export async function planUnit(
  reporter: WarningListener,
  { request, opened, found }: { request: BaselineRequest; opened: OpenedBaseline; found: NeedsFound },
): Promise<AnalysedUnit> {
  const { rootfs, started } = opened;
  const { needs, dynamic, provenance } = found;
  const plan = planSlim(rootfs, needs);
  warnOfMissing(plan.missing, reporter.warn);
  const { dropsPrivileges, indifferent, baseline, unsteady } = dynamic;
  return {
    request,
    opened,
    compared: steady({ ...started, baseline }, unsteady),
    plan,
    planned: dropsPrivileges
      ? await exactArrivals(reporter, request.task.unit, { opened, plan })
      : arrivalsOf(plan),
    indifferent,
    copied: provenance.copied,
  };
}

/** The plan that keeps just what arrives. */
export function planOf({ plan, planned, opened }: AnalysedUnit, arrivals: readonly Arrival[]): Plan {
  if (arrivals === planned) return plan;
  const needs = arrivals.flatMap(({ path, reasons }) => reasons.map((reason) => ({ path, reason })));
  return planSlim(opened.rootfs, needs);
}

/**
 * What arrives for an app that changes its user: modes and owners of directories decide what it may do, and arrive
 * where a stage can keep them.
 */
async function exactArrivals(
  { warn }: WarningListener,
  unit: RootfsUnit,
  { opened, plan }: { readonly opened: OpenedBaseline; readonly plan: Plan },
): Promise<readonly Arrival[]> {
  const { rootfs, donors } = opened;
  const arrivals = arrivalsOf(plan);
  const exact = withExactDirectories(rootfs, arrivals);
  if (!hasUnusual(assembleLayout(rootfs, exact))) return arrivals;
  const staging = donors === null ? await stagingOf(unit, rootfs) : IN_PLACE;
  if (staging.kind === 'possible') return exact;
  const message = `the app changes its user, and directories lose their mode and owner: ${staging.why}`;
  warn({ code: 'directories-not-exact', message });
  return arrivals;
}

const IN_PLACE = {
  kind: 'impossible',
  why: 'a stage that is made of COPY lines by hand is rewritten in place',
} as const;
