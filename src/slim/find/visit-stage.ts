import { needsOfTrace } from '../../analysis/dynamic.ts';
import type { Need } from '../../analysis/need.ts';
import type { StaticFindings } from '../../analysis/static.ts';
import type { Tracer } from '../../analysis/tracer.ts';
import { append } from '../../shared/append.ts';
import type { LentPort } from '../../workload/loopback.ts';
import type { Overheard } from '../../workload/overheard.ts';
import type { Probe } from '../../workload/probe.ts';
import type { VisitWait } from '../../workload/visit.ts';
import type { Case } from '../baseline/case.ts';
import { compose } from '../baseline/composition.ts';
import { tracedRun, tracerFor } from '../baseline/run-case.ts';
import type { Subject } from '../baseline/subject.ts';
import type { Reporter } from '../reporter.ts';
import type { RunTools } from '../tools.ts';
import { dispensed, type TracedCase } from './case-needs.ts';
import type { Traced } from './dynamic-stage.ts';

export type VisitStage = {
  /** What the app touched while it was used. */
  readonly needs: readonly Need[];
  /** What clients sent. */
  readonly overheard: readonly Overheard[];
  /** Probes of the apps that were used, as they are without the use. */
  readonly probes: readonly Probe[];
};

export type VisitRequest = Omit<Traced, 'baseline' | 'looks'> & { readonly wait: VisitWait };

/** Starts each app of a unit once more, traced and without probes, and lends its ports to a person. */
export async function visitStage(
  tools: RunTools,
  reporter: Reporter,
  { wait, ...traced }: VisitRequest,
): Promise<VisitStage> {
  const { warn } = reporter;
  const visited = traced.cases.filter(isReachable);
  const { tracer, reason } = await tracerFor(tools);
  const needs: Need[] = [];
  const overheard: Overheard[] = [];
  if (visited.length === 0) warn(notVisited('no launch of the entry listens on a port'));
  else if (tracer === undefined) warn(notVisited(reason));
  else
    for (const current of visited) {
      const { promise, rootfs, subject } = traced;
      const findings = traced.findings[traced.cases.indexOf(current)] as StaticFindings;
      const composed = compose(current.composition, rootfs);
      const visit = { promise, current, findings, composed, wait, tracer, subject };
      const found = await visitCase(tools, reporter, visit);
      append(needs, found.needs);
      append(overheard, found.overheard);
    }
  return { needs, overheard, probes: visited.flatMap(({ workload }) => workload.probes) };
}

/** Whether a person can reach a case: not what only builds on the unit, and no program that runs once. */
function isReachable({ composition, isSecond, workload }: Case): boolean {
  return composition.kind !== 'under' && isSecond !== true && workload.ports.length > 0;
}

type CaseVisit = TracedCase & {
  readonly wait: VisitWait;
  readonly tracer: Tracer;
  readonly subject: Subject;
};

async function visitCase(
  tools: RunTools,
  reporter: Reporter,
  { wait, tracer, subject, ...traced }: CaseVisit,
): Promise<Pick<VisitStage, 'needs' | 'overheard'>> {
  const { current, composed } = traced;
  const overheard: Overheard[] = [];
  const visit = {
    use: async (ports: readonly LentPort[], ended: AbortSignal) => {
      announce(reporter, current, ports);
      await wait(ended);
      reporter.step('trace', 'reading the trace');
    },
    overhear: (sent: readonly Overheard[]) => append(overheard, sent),
  };
  const alone = { ...current, workload: { ...current.workload, probes: [] } };
  const { seen, traces } = await tracedRun(tools, alone, { subject, tracer, visit });
  if (!seen.ready) {
    const why = seen.exceeded?.message ?? seen.lacking ?? seen.startFault;
    reporter.warn(notVisited(why ?? 'the app did not start'));
  }
  const needs = traces.flatMap((trace) =>
    composed.toUnit(dispensed(needsOfTrace(composed.tree, trace).needs, traced, trace)),
  );
  return { needs, overheard };
}

function announce({ on, step }: Reporter, { launch }: Case, ports: readonly LentPort[]): void {
  const places = ports.map(({ port, hostPort }) => `127.0.0.1:${hostPort} (its port ${port})`).join(', ');
  on({ type: 'notice', message: `${launch.kraftfile}: the traced app answers on ${places}` });
  step('trace', 'use the app, then press Enter');
}

function notVisited(why: string) {
  return { code: 'not-visited', message: `kraft-slim cannot start an app for you to use: ${why}` } as const;
}
