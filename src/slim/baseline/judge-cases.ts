import type { ImageConfig } from '../../engine/engine.ts';
import type { Launch } from '../../entry/launch.ts';
import { UserError } from '../../shared/failure.ts';
import type { FileTree } from '../../shared/file-tree.ts';
import { judge, type Verdict } from '../../workload/judge.ts';
import type { Observation } from '../../workload/run-launch.ts';
import type { Reporter, WarningListener } from '../reporter.ts';
import { baselineHint, NETWORK_HINT } from './baseline-hint.ts';
import { type Baseline, type Case, describeCases } from './case.ts';

/** Judges every case; `baseline` has an observation for each, or is null where there is none to equal. */
export function judgeAll(
  cases: readonly Case[],
  seen: readonly Observation[],
  baseline: readonly Observation[] | null,
): Verdict[] {
  return cases.map(({ workload }, at) => judge(workload, seen[at] as Observation, baseline?.[at] ?? null));
}

/**
 * Leaves out, with a warning, the entries that only build on the unit, and second command lines, that fail on the full
 * root file system already: that is not the unit's fault.
 */
export function withoutFailingDependents(
  { warn }: WarningListener,
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
  { warn }: WarningListener,
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
  { learn }: Pick<Reporter, 'learn'>,
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
      hint: fault.code === 'limit-exceeded' ? (fault.hint ?? ASK_FOR_LESS) : hint,
    });
  }
}

const ASK_FOR_LESS = 'request a shorter answer, in the README or in workload.probes of kraft-slim.yaml';
