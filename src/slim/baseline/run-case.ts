import { chooseTracer, type Tracer, type TracerChoice } from '../../analysis/tracer.ts';
import type { Container } from '../../engine/engine.ts';
import { overlayItems, packItems, underlayItems } from '../../image/pack-tar.ts';
import type { Trace } from '../../strace/read-trace.ts';
import { type Observation, type RunRequest, runLaunch } from '../../workload/run-launch.ts';
import { looksOf } from '../../workload/second-look/looks-of.ts';
import { moduleReruns } from '../../workload/second-look/module-reruns.ts';
import { type Rerun, rerunsOf } from '../../workload/second-look/run-again.ts';
import { memoryOfRun } from '../gate.ts';
import { newSpool } from '../spools.ts';
import type { RunTools } from '../tools.ts';
import type { Case } from './case.ts';
import { compose } from './composition.ts';
import type { Subject } from './subject.ts';

/** How a case is run. */
export type CaseRun = Pick<RunRequest, 'tracer' | 'visit'> & {
  readonly subject: Subject;
  /** Whether the second look follows the last probe; by default it does not. */
  readonly looks?: boolean;
};

/** Runs a case on a root file system of the unit, in a fresh container. */
export async function observe(
  { engine, networks, signal, gate, runner }: RunTools,
  current: Case,
  { subject, looks = false, tracer, visit }: CaseRun,
): Promise<Observation> {
  const { launch, workload } = current;
  const request = {
    ...(await containerOf(current, subject)),
    argv: launch.argv,
    env: launch.env,
    workload,
    ...(looks ? { looks: looksOf(workload), reruns: rerunsOfCase(current) } : {}),
    clients: subject.clients,
    signal,
    ...(tracer === undefined ? {} : { tracer }),
    ...(visit === undefined ? {} : { visit }),
  };
  const run = () =>
    runner?.run(request) ?? runLaunch(engine, request, (network) => networks.take(engine, network));
  return await gate.run(run, memoryOfRun(workload));
}

function rerunsOfCase({ launch: { argv }, workload, isRuntime }: Case): readonly Rerun[] {
  return [...rerunsOf(argv, workload), ...(isRuntime === true ? moduleReruns(argv) : [])];
}

/** A case that was run under a tracer, with the traces: first that of the probes, then those of its second look. */
export type TracedRun = { readonly seen: Observation; readonly traces: readonly Trace[] };

/** Runs a case, traced; without a tracer, as it is, so that there is no trace. */
export async function tracedRun(
  tools: RunTools,
  current: Case,
  { tracer, ...run }: Omit<CaseRun, 'tracer'> & { readonly tracer: Tracer | undefined },
): Promise<TracedRun> {
  const traces: Trace[] = [];
  if (tracer === undefined) return { seen: await observe(tools, current, run), traces };
  const keeping = {
    ...tracer,
    collect: async (container: Container) => {
      traces.push(await tracer.collect(container));
    },
  };
  return { seen: await observe(tools, current, { ...run, tracer: keeping }), traces };
}

/** The tracer for an engine, or each reason why there is none; see `chooseTracer`. */
export async function tracerFor({ engine, signal }: RunTools): Promise<TracerChoice> {
  return await chooseTracer(engine, { newSpool, signal });
}

/** The image and the files of a container that holds what the app is to see. */
export async function containerOf(
  { composition, volumes }: Pick<Case, 'composition' | 'volumes'>,
  subject: Subject,
): Promise<Pick<RunRequest, 'image' | 'files'>> {
  const subjectFiles = subject.files === undefined ? [] : [subject.files];
  if (composition.kind === 'alone') return { image: subject.image, files: [...subjectFiles, ...volumes] };
  const { overlay } = compose(composition, await subject.view());
  const isOver = composition.kind === 'over';
  const lower = isOver ? composition.runtime.config.id : subject.image;
  const upper = isOver ? subject.image : composition.delta.config.id;
  const differences = overlayItems(overlay);
  // where the upper part is an image, what it lacks may be less: a delta that is not slimmed yet is a whole system
  const missing = isOver && subjectFiles.length > 0 ? undefined : underlayItems(overlay);
  if (missing !== undefined && missing.bytes < differences.bytes) {
    return { image: upper, files: [() => packItems(missing.items()), ...volumes] };
  }
  const below = isOver ? [] : subjectFiles;
  return { image: lower, files: [...below, () => packItems(differences.items()), ...volumes] };
}

/** Runs every case on a root file system of the unit, one after the other. */
export async function observeAll(
  tools: RunTools,
  cases: readonly Case[],
  run: CaseRun,
): Promise<Observation[]> {
  const seen: Observation[] = [];
  for (const current of cases) seen.push(await observe(tools, current, run));
  return seen;
}
