import type { Readable } from 'node:stream';
import type { ImageConfig } from '../engine/engine.ts';
import type { Launch } from '../entry/launch.ts';
import { overlayItems, packItems, underlayItems } from '../image/pack-tar.ts';
import { UserError } from '../shared/failure.ts';
import type { FileTree } from '../shared/file-tree.ts';
import { judge, type Verdict } from '../workload/judge.ts';
import { type Observation, type RunRequest, runLaunch } from '../workload/run-launch.ts';
import type { Runner } from '../workload/runner.ts';
import { looksOf } from '../workload/second-look/looks-of.ts';
import { moduleReruns } from '../workload/second-look/module-reruns.ts';
import { type Rerun, rerunsOf } from '../workload/second-look/run-again.ts';
import { WORKLOAD_SOURCES, type Workload } from '../workload/workload.ts';
import { baselineHint, NETWORK_HINT } from './baseline-hint.ts';
import { type Composition, compose } from './composition.ts';
import { memoryOfRun } from './gate.ts';
import type { Result } from './result.ts';
import type { Subject } from './subject.ts';
import type { Workshop } from './workshop.ts';

/** One Kraftfile that a unit's root file system has to serve: what it launches and how that is exercised. */
export type Case = {
  readonly launch: Launch;
  readonly workload: Workload;
  /** What lies under or over the unit's own files when it runs. */
  readonly composition: Composition;
  /** The environment before the unit's own image and the Kraftfile. */
  readonly platform: Readonly<Record<string, string>>;
  /** What is mounted, each as a tar to be put into the container. */
  readonly volumes: readonly (() => Readable)[];
  /** A second command line of a Kraftfile: one that fails on the full root file system is left out. */
  readonly isSecond?: true;
  /** The promise holds the whole library of an interpreter. */
  readonly isRuntime?: true;
  /** Its runtime is Linux to the app, so that no warning is about what Unikraft's kernels lack. */
  readonly isLinux?: true;
  /** Which use of a network failed, in words, where the app fails on the full root file system. */
  readonly lack?: string;
};

/** What a case is run with; a runner for who runs many. */
export type RunTools = Pick<Workshop, 'engine' | 'networks' | 'signal' | 'gate'> & {
  readonly runner?: Pick<Runner, 'run'>;
  /** Whether the second look follows the last probe. */
  readonly looks?: boolean;
};

/** Runs a case on a root file system of the unit, in a fresh container. */
export async function observe(
  { engine, networks, signal, gate, runner, looks = false }: RunTools,
  current: Case,
  { subject, tracer, visit }: { subject: Subject } & Pick<RunRequest, 'tracer' | 'visit'>,
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
  subject: Subject,
): Promise<Observation[]> {
  const seen: Observation[] = [];
  for (const current of cases) seen.push(await observe(tools, current, { subject }));
  return seen;
}

/** Judges every case; `baseline` has an observation for each, or is null where there is none to equal. */
export function judgeAll(
  cases: readonly Case[],
  seen: readonly Observation[],
  baseline: readonly Observation[] | null,
): Verdict[] {
  return cases.map(({ workload }, at) => judge(workload, seen[at] as Observation, baseline?.[at] ?? null));
}

/** Cases with the way they behave on the full root file system. */
export type Baseline = { readonly cases: readonly Case[]; readonly baseline: readonly Observation[] };

/**
 * Leaves out, with a warning, the entries that only build on the unit, and second command lines, that fail on the full
 * root file system already: that is not the unit's fault.
 */
export function withoutFailingDependents(
  { warn }: Pick<Workshop, 'warn'>,
  cases: readonly Case[],
  seen: readonly Observation[],
): Baseline {
  const verdicts = judgeAll(cases, seen, null);
  const stays = cases.map(({ composition, isSecond, launch }, at) => {
    const fault = verdicts[at]?.fault ?? null;
    if (fault === null) return true;
    if (isSecond) {
      const message = `cannot run ${words(launch)} of ${launch.kraftfile}: it fails on the full root file system: ${fault.message}`;
      warn({ code: 'launch-left-out', message });
      return false;
    }
    if (composition.kind !== 'under') return true;
    const message = `cannot run the workload of ${composition.delta.unit.name}: it fails on the full root file system: ${fault.message}`;
    warn({ code: 'dependent-left-out', message });
    return false;
  });
  return { cases: cases.filter((_, at) => stays[at]), baseline: seen.filter((_, at) => stays[at]) };
}

/**
 * Two runs on the same files have to give the same answers: where they do not, no later difference means anything.
 * @throws UserError `baseline-unstable`, unless it is another entry that builds on the unit: then a warning says so.
 */
export function isSteady(
  { warn }: Pick<Workshop, 'warn'>,
  { launch, workload, composition, isSecond }: Case,
  { seen, baseline }: { seen: Observation; baseline: Observation },
): boolean {
  const { fault } = judge(workload, seen, baseline);
  if (fault === null) return true;
  const message = `two runs of ${launch.kraftfile} give different answers: ${fault.message}`;
  if (composition.kind === 'under') {
    warn({ code: 'dependent-left-out', message });
    return false;
  }
  if (isSecond) {
    warn({ code: 'launch-left-out', message: `${words(launch)}: ${message}` });
    return false;
  }
  throw new UserError('baseline-unstable', message, {
    hint: 'write the expected answer into the README, or probe something that does not change',
    detail: fault.detail,
  });
}

function words({ argv }: Launch): string {
  return argv.join(' ');
}

/** Less the cases that answer differently from run to run. */
export function steady({ cases, baseline }: Baseline, unsteady: ReadonlySet<Case>): Baseline {
  const stays = (at: number) => !unsteady.has(cases[at] as Case);
  return {
    cases: cases.filter((_, at) => stays(at)),
    baseline: baseline.filter((_, at) => stays(at)),
  };
}

/**
 * Requires that an app behaves on the full root file system.
 * @throws UserError `not-started`, `workload-failed` or `limit-exceeded`, with what the app printed last.
 */
export function insist(
  { learn }: Pick<Workshop, 'learn'>,
  { cases, baseline }: Baseline,
  on: { readonly image: ImageConfig; readonly rootfs: FileTree },
): void {
  const verdicts = judgeAll(cases, baseline, null);
  learn(describeCases(cases, verdicts));
  for (const [at, { fault }] of verdicts.entries()) {
    if (fault === null) continue;
    const { launch, lack } = cases[at] as Case;
    const why = lack === undefined ? '' : `; the run has no network: ${lack}`;
    const tries = baselineHint(launch, on.image, on.rootfs);
    const hint = lack === undefined ? tries : `${NETWORK_HINT}; ${tries}`;
    throw new UserError(fault.code, `cannot use ${launch.kraftfile} as a baseline: ${fault.message}${why}`, {
      detail: fault.detail,
      hint: fault.code === 'limit-exceeded' ? ASK_FOR_LESS : hint,
    });
  }
}

const ASK_FOR_LESS = 'request a shorter answer, in the README or in workload.probes of kraft-slim.yaml';

/** The part of a result about launches and their workload. */
export function describeCases(
  cases: readonly Case[],
  verdicts: readonly Verdict[],
): Pick<Result, 'launches' | 'workload'> {
  const probes = verdicts.flatMap((verdict) =>
    verdict.probes.map(({ probe, passed }) => ({ kind: probe.kind, passed })),
  );
  const unitCases = cases.filter(({ composition }) => composition.kind !== 'under');
  const sources = new Set(unitCases.map(({ workload }) => workload.source));
  const source = WORKLOAD_SOURCES.find((known) => sources.has(known)) ?? 'derived';
  return { launches: cases.map(({ launch }) => launch), workload: { source, probes } };
}
