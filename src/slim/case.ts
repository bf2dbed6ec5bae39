import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ImageConfig, ImageId } from '../engine/engine.ts';
import { composeLaunch, type Launch } from '../entry/launch.ts';
import { readKraftRun, readmeCommands } from '../entry/readme.ts';
import type { UnitKraftfile } from '../entry/unit.ts';
import { isNotFound, messageOf, UserError } from '../shared/failure.ts';
import { workloadFromReadme } from '../workload/from-readme.ts';
import { judge, type Verdict } from '../workload/judge.ts';
import { type Observation, type RunRequest, runLaunch } from '../workload/run-launch.ts';
import type { Workload } from '../workload/workload.ts';
import type { Result } from './result.ts';
import type { Workshop } from './workshop.ts';

/** One Kraftfile of a unit: what it launches and how that is exercised. */
export type Case = { readonly launch: Launch; readonly workload: Workload };

/** Every Kraftfile of a unit with its launch over an image and the workload of the README beside it. */
export async function casesOf(
  { unit, warn }: Pick<Workshop, 'unit' | 'warn'>,
  image: ImageConfig,
): Promise<Case[]> {
  const cases = await Promise.all(unit.kraftfiles.map((kraftfile) => caseOf(kraftfile, image)));
  for (const { launch, workload } of cases) {
    if (workload.source !== 'derived') continue;
    const message = `the README does not say how ${launch.kraftfile} is used: only its start is seen`;
    warn({ code: 'weak-workload', message });
  }
  return cases;
}

async function caseOf(kraftfile: UnitKraftfile, image: ImageConfig): Promise<Case> {
  const readme = await readReadme(dirname(kraftfile.path));
  const runs = readmeCommands(readme).map(({ words }) => readKraftRun(words));
  const env = runs.find((run) => run !== undefined)?.env ?? {};
  return { launch: composeLaunch(kraftfile, image, env), workload: workloadFromReadme(readme) };
}

async function readReadme(directory: string): Promise<string> {
  try {
    return await readFile(join(directory, 'README.md'), 'utf8');
  } catch (error) {
    if (isNotFound(error)) return '';
    throw new UserError('workload-failed', `cannot read the README: ${messageOf(error)}`, { cause: error });
  }
}

/** Runs every case over an image, each in a fresh container. */
export async function observeAll(
  { engine, signal }: Pick<Workshop, 'engine' | 'signal'>,
  cases: readonly Case[],
  subject: { readonly image: ImageId } & Pick<RunRequest, 'files' | 'tracer'>,
): Promise<Observation[]> {
  const seen: Observation[] = [];
  for (const { launch, workload } of cases) {
    seen.push(await runLaunch(engine, { ...subject, argv: launch.argv, env: launch.env, workload, signal }));
  }
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

/**
 * Insists that an app behaves.
 * @throws UserError `not-started` or `workload-failed`, with what the app printed last.
 */
export function insist(
  { learn }: Pick<Workshop, 'learn'>,
  cases: readonly Case[],
  verdicts: readonly Verdict[],
): void {
  learn(describeCases(cases, verdicts));
  for (const [at, { fault }] of verdicts.entries()) {
    if (fault === null) continue;
    throw new UserError(
      fault.code,
      `cannot take ${cases[at]?.launch.kraftfile} for a baseline: ${fault.message}`,
      {
        detail: fault.detail,
        hint: 'run the original image by hand with the same command; the README says what is expected of it',
      },
    );
  }
}

/** The part of a result that tells of launches and of their workload. */
export function describeCases(
  cases: readonly Case[],
  verdicts: readonly Verdict[],
): Pick<Result, 'launches' | 'workload'> {
  const probes = verdicts.flatMap((verdict) =>
    verdict.probes.map(({ probe, passed }) => ({ kind: probe.kind, passed })),
  );
  const sources = new Set(cases.map(({ workload }) => workload.source));
  const source = (['config', 'readme', 'derived'] as const).find((one) => sources.has(one)) ?? 'derived';
  return { launches: cases.map(({ launch }) => launch), workload: { source, probes } };
}
