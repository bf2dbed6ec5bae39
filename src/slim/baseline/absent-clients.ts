import { append } from '../../shared/append.ts';
import type { ClientProbe, Probe } from '../../workload/probe.ts';
import { describe } from '../../workload/probe-kinds.ts';
import { redisTalkOf } from '../../workload/redis-talk.ts';
import type { Observation } from '../../workload/run-launch.ts';
import type { Workload } from '../../workload/workload.ts';
import type { WarningListener } from '../reporter.ts';
import type { RunTools } from '../tools.ts';
import type { Baseline, Case } from './case.ts';
import type { ClientImages } from './client-images.ts';
import { observe } from './run-case.ts';
import type { Subject } from './subject.ts';

/** How the cases of a unit behaved on its full root file system the first time. */
export type FirstRun = Baseline & {
  readonly subject: Subject;
  /** Whether the apps got a second look. */
  readonly looks: boolean;
  readonly findClient: ClientImages['find'];
};

/** A workload as it can be run: with each client where it is, and without those that are nowhere. */
type Reachable = { readonly workload: Workload; readonly left: readonly Probe[] };

/**
 * A baseline whose README names clients that the full image lacks, with the image that has them. What a `redis-cli`
 * would say kraft-slim says itself; every other client is left out, with a warning that names the line.
 */
export async function withAbsentClients(
  tools: RunTools,
  { warn }: WarningListener,
  { cases, baseline, subject, looks, findClient }: FirstRun,
): Promise<Baseline> {
  const found: Case[] = [];
  const seen: Observation[] = [];
  for (const [at, each] of cases.entries()) {
    const first = baseline[at] as Observation;
    const absent = new Set(first.answers.flatMap(({ probe, answer }) => (answer.lacksClient ? [probe] : [])));
    if (absent.size === 0 || each.workload.source === 'config') {
      found.push(each);
      seen.push(first);
      continue;
    }
    const { workload, left } = await reachable(each.workload, absent, findClient);
    for (const probe of left) {
      const message = `${each.launch.kraftfile}: no image of the entry has the client of this line, so kraft-slim makes no probe of it: ${describe(probe)}`;
      warn({ code: 'weak-workload', message });
    }
    const other = { ...each, workload };
    found.push(other);
    seen.push(await observe(tools, other, { subject, looks }));
  }
  return { cases: found, baseline: seen };
}

/**
 * `absent`: the probes whose client the full image lacks. Where no probe is left, a connection to each port is the
 * least that a client makes.
 */
export async function reachable(
  workload: Workload,
  absent: ReadonlySet<Probe>,
  findClient: ClientImages['find'],
): Promise<Reachable> {
  const probes: Probe[] = [];
  const left: Probe[] = [];
  for (const probe of workload.probes) {
    const placed =
      probe.kind === 'client' && absent.has(probe) ? await placedClient(probe, findClient) : probe;
    append(placed === null ? left : probes, [placed ?? probe]);
  }
  if (probes.length > 0) return { workload: { ...workload, probes }, left };
  const connections = workload.ports.map((port): Probe => ({ kind: 'tcp', port, send: '', expect: null }));
  return { workload: { ...workload, source: 'derived', probes: connections }, left };
}

async function placedClient(
  probe: ClientProbe,
  findClient: ClientImages['find'],
): Promise<ClientProbe | null> {
  const image = await findClient(probe.command[0] ?? '');
  if (image !== null) return { ...probe, image };
  return redisTalkOf(probe) === undefined ? null : { ...probe, speaks: 'redis' };
}
