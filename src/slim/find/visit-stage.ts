import { needsOfTrace } from '../../analysis/dynamic.ts';
import type { Need } from '../../analysis/need.ts';
import type { StaticFindings } from '../../analysis/static.ts';
import { chooseTracer, type Tracer } from '../../analysis/tracer.ts';
import { append } from '../../shared/append.ts';
import type { Trace } from '../../strace/read-trace.ts';
import type { LentPort } from '../../workload/loopback.ts';
import type { Overheard } from '../../workload/overheard.ts';
import type { Probe } from '../../workload/probe.ts';
import type { VisitWait } from '../../workload/visit.ts';
import { type Case, observe } from '../baseline/case.ts';
import { compose } from '../baseline/composition.ts';
import { newSpool } from '../state/spools.ts';
import type { Workshop } from '../workshop.ts';
import { dispensed, type Traced } from './dynamic-stage.ts';

export type VisitStage = {
  /** What the app touched while it was used. */
  readonly needs: readonly Need[];
  /** What clients sent. */
  readonly overheard: readonly Overheard[];
  /** Probes of the apps that were used, as they are without the use. */
  readonly probes: readonly Probe[];
};

/** Starts each app of a unit once more, traced and without probes, and lends its ports to a person. */
export async function visitStage(
  workshop: Workshop,
  wait: VisitWait,
  traced: Omit<Traced, 'baseline'>,
): Promise<VisitStage> {
  const { engine, signal, warn } = workshop;
  const visited = traced.cases.filter(isReachable);
  const { tracer, reason } = await chooseTracer(engine, { newSpool, signal });
  const needs: Need[] = [];
  const overheard: Overheard[] = [];
  if (visited.length === 0) warn(notVisited('no launch of the entry listens on a port'));
  else if (tracer === undefined) warn(notVisited(reason));
  else
    for (const current of visited) {
      const found = await visitCase(workshop, { current, wait, tracer, traced });
      append(needs, found.needs);
      append(overheard, found.overheard);
    }
  return { needs, overheard, probes: visited.flatMap(({ workload }) => workload.probes) };
}

/** Whether a person can reach a case: not what only builds on the unit, and no program that runs once. */
function isReachable({ composition, isSecond, workload }: Case): boolean {
  return composition.kind !== 'under' && isSecond !== true && workload.ports.length > 0;
}

type CaseVisit = {
  readonly current: Case;
  readonly wait: VisitWait;
  readonly tracer: Tracer;
  readonly traced: Omit<Traced, 'baseline'>;
};

async function visitCase(
  workshop: Workshop,
  { current, wait, tracer, traced }: CaseVisit,
): Promise<Pick<VisitStage, 'needs' | 'overheard'>> {
  const traces: Trace[] = [];
  const overheard: Overheard[] = [];
  const visit = {
    use: async (ports: readonly LentPort[], ended: AbortSignal) => {
      announce(workshop, current, ports);
      await wait(ended);
      workshop.on({ type: 'step', entry: workshop.unit.name, step: 'trace', detail: 'reading the trace' });
    },
    overhear: (sent: readonly Overheard[]) => append(overheard, sent),
  };
  const collect: Tracer['collect'] = async (container) => {
    const trace = await tracer.collect(container);
    traces.push(trace);
    return trace;
  };
  const alone = { ...current, workload: { ...current.workload, probes: [] } };
  const seen = await observe(workshop, alone, {
    subject: traced.subject,
    tracer: { ...tracer, collect },
    visit,
  });
  if (!seen.ready) workshop.warn(notVisited(seen.lacking ?? seen.startFault ?? 'the app did not start'));
  const findings = traced.findings[traced.cases.indexOf(current)] as StaticFindings;
  const composed = compose(current.composition, traced.rootfs);
  const needs = traces.flatMap((trace) => {
    const found = needsOfTrace(composed.tree, trace);
    return composed.toUnit(
      dispensed(found.needs, { promise: traced.promise, env: current.launch.env, composed, findings, trace }),
    );
  });
  return { needs, overheard };
}

function announce({ unit, on }: Workshop, { launch }: Case, ports: readonly LentPort[]): void {
  const places = ports.map(({ port, hostPort }) => `127.0.0.1:${hostPort} (its port ${port})`).join(', ');
  on({ type: 'notice', message: `${launch.kraftfile}: the traced app answers on ${places}` });
  on({ type: 'step', entry: unit.name, step: 'trace', detail: 'use the app, then press Enter' });
}

function notVisited(why: string) {
  return { code: 'not-visited', message: `kraft-slim lends no app to use: ${why}` } as const;
}
