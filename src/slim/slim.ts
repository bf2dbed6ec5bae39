import { parseDockerfile } from '../dockerfile/parse-dockerfile.ts';
import { targetStage } from '../dockerfile/stages-used.ts';
import type { Arrival } from '../plan/layout.ts';
import { unfoldPruned } from '../render/pruned-stages.ts';
import { unfoldRootList } from '../render/unfold-root-list.ts';
import { UserError } from '../shared/failure.ts';
import type { Promised } from '../shared/promises.ts';
import { type BaselineRequest, openBaseline } from './baseline/open-baseline.ts';
import { findNeeds } from './find/find-needs.ts';
import { type Failing, verifyFailure } from './finish/compare-built.ts';
import { type Attempt, isSuccess, rebuildResult, type Success } from './finish/rebuild.ts';
import type { Slimmed } from './outcome.ts';
import { warnOfPartlyKept } from './plan/partly-kept.ts';
import { type AnalysedUnit, planOf, planUnit } from './plan/plan-unit.ts';
import { promisedSizes } from './plan/promised-sizes.ts';
import {
  couldKeepLinks,
  isPruned,
  type LayoutRequest,
  layOutResult,
  type ResultLayout,
} from './plan/result-layout.ts';
import { readReadme } from './render/readme-change.ts';
import { type ResultRequest, renderResult } from './render/render-result.ts';
import { changesOf } from './render/result-changes.ts';
import type { Reporter } from './reporter.ts';
import { type Addition, addMissing } from './search/add-missing.ts';
import { askStages, searchStageOf } from './search/ask-stages.ts';
import { type Chosen, chooseFiles, type SearchWishes, searching } from './search/choose-files.ts';
import { type Oracle, type OracleSubject, oracleOver } from './search/oracle.ts';
import type { OracleMemory } from './search/oracle-memory.ts';
import { answerSecondLook } from './search/second-look.ts';
import type { Task } from './task.ts';
import type { Tools } from './tools.ts';
import { readUnitList } from './unit-texts.ts';

export type SlimOptions = SearchWishes & {
  /** What the result keeps beyond what the workload touches. */
  readonly promise: Promised;
  /** What the result can hold: less than `promise` where a stage rewritten in place has lost files before. */
  readonly held: Promised;
  /** Ask the oracle about the set of each stage. */
  readonly askStages: boolean;
  /** Answers of the oracle in earlier runs; opened where it is needed. */
  readonly memory: () => Promise<OracleMemory>;
};

export type SlimRequest = {
  readonly task: Task;
  /** The Dockerfile that the full root file system is built from. */
  readonly original: string;
  readonly options: SlimOptions;
};

/**
 * The whole story for one rootfs unit. It ends with the files as they are to be, verified and not yet written.
 *
 * Build the full root file system and see how the app behaves on it; find what it needs, statically, then dynamically;
 * plan what is kept; where asked for, search for what it can do without; lay that out, render it, rebuild it and see
 * that it behaves the same; where it does not, add what is missing and try once more.
 */
export async function slimUnit(
  tools: Tools,
  reporter: Reporter,
  { task, original, options }: SlimRequest,
): Promise<Slimmed> {
  const request = await readRequest(task, original, { looks: options.search === null });
  const readme = await readReadme(task.unit);
  reporter.step('build', 'building the full root file system');
  await using opened = await openBaseline(tools, reporter, request);
  const before = opened.isDrifted ? null : opened.rootfs.size();
  reporter.learn({ before });

  const found = await findNeeds(tools, reporter, { request, opened, promise: options.promise });
  const analysed = await planUnit(reporter, { request, opened, found });
  await using oracle = oracleOver(tools, oracleSubject(analysed), options.memory);
  const stageResults = await askStages(found, analysed, options.askStages ? oracle : null);
  reporter.learn({ stages: [...stageResults, searchStageOf(null, reporter.seconds())] });

  const ended = await verifiedResult(tools, reporter, { analysed, oracle, options });
  const { searched, runs, result } = ended;
  const { arrivals, files, comparison } = result;
  const { after, memory, verdicts, secondLook } = comparison;
  const plan = planOf(analysed, arrivals);
  const changes = changesOf(reporter, { analysed, files, after, memory, readme, before });
  const { provenance, dynamic, visited } = found;
  warnOfPartlyKept(reporter, opened.rootfs, { plan, made: provenance.made, drop: task.config.drop });
  return {
    cases: analysed.compared.cases,
    before,
    after,
    memory,
    verdicts,
    secondLook,
    stages: [...stageResults, searchStageOf(searched === null ? null : plan, reporter.seconds())],
    search: {
      oracleRuns: oracle.runs + runs,
      cacheHits: oracle.cacheHits,
      minimal: searched?.minimal ?? 'none',
      held: searched?.held ?? 0,
      implied: 0,
    },
    repaired: opened.isDrifted,
    plan,
    promised: promisedSizes(opened.rootfs, plan),
    missed: dynamic.missed,
    visited,
    changes,
  };
}

/** What the whole work on a unit starts with: its Dockerfile, and the stage that is slimmed. */
async function readRequest(
  task: Task,
  text: string,
  { looks }: Pick<BaselineRequest, 'looks'>,
): Promise<BaselineRequest> {
  const { unit, config } = task;
  const written = parseDockerfile(text, { file: unit.dockerfile, buildArgs: config.build.args });
  const dockerfile = unfoldPruned(unfoldRootList(written, await readUnitList(unit)));
  const stage = targetStage(dockerfile, config.build.target);
  if (stage === undefined) {
    const message = `cannot build the stage ${config.build.target}: the Dockerfile has none`;
    throw new UserError('config-invalid', message, { hint: 'correct build.target in kraft-slim.yaml' });
  }
  // a stage that prunes is laid out again, over what it was made from
  return { task, text: unfoldPruned(written).text, dockerfile, stage, looks };
}

/** A verified result, and how stage 3 came to it. */
type Ended = {
  readonly result: Success;
  /** null where no search was asked for and none was needed. */
  readonly searched: Pick<Chosen, 'minimal' | 'held'> | null;
  /** Runs besides the oracle's. */
  readonly runs: number;
};

type ToVerify = {
  readonly analysed: AnalysedUnit;
  readonly oracle: Oracle;
  readonly options: SlimOptions;
};

/**
 * Chooses files, lays them out, renders them and rebuilds the image, until that behaves like the baseline.
 * @throws UserError `verify-failed`.
 */
async function verifiedResult(
  tools: Tools,
  reporter: Reporter,
  { analysed, oracle, options }: ToVerify,
): Promise<Ended> {
  const { opened, planned, indifferent, request } = analysed;
  const { drop, budget } = request.task.config;
  const { signal } = tools;
  const subject = { ...oracleSubject(analysed), planned, oracle, drop, budget, signal };
  const isInPlace = opened.donors !== null;
  const chosen = await chooseFiles(reporter, subject, { ...options, isInPlace });
  const { minimal } = chosen;

  const choice = { analysed, minimal, promise: options.held };
  const attempt = (arrivals: readonly Arrival[]) =>
    attemptOf(tools, reporter, { ...choice, arrivals, isLinked: false });
  const linked = (arrivals: readonly Arrival[]) =>
    attemptOf(tools, reporter, { ...choice, arrivals, isLinked: true });
  const answered = (result: Success, again: typeof attempt) =>
    answerSecondLook(tools, reporter, { analysed, result, attempt: again });

  const first = await attempt(chosen.arrivals);
  if (options.search !== null) return { result: succeeded(first), searched: chosen, runs: 0 };
  if (first.comparison.kind !== 'misbehaves')
    return { ...(await answered(succeeded(first), attempt)), searched: null };
  if (await couldKeepLinks(analysed, first.laidOut)) {
    const second = await linked(planned);
    if (second.comparison.kind !== 'misbehaves')
      return { ...(await answered(succeeded(second), linked)), searched: null };
  }
  const added = await searching(reporter, 'looking for the missing files', () =>
    addMissing(tools, reporter, { ...subject, indifferent }),
  );
  if (added.kind !== 'found') throw unrepaired(first.comparison, added);
  const result = succeeded(await attempt(added.arrivals));
  const looked = await answered(result, attempt);
  return { ...looked, searched: { minimal, held: added.held }, runs: added.runs + looked.runs };
}

type ToAttempt = Pick<LayoutRequest, 'arrivals' | 'isLinked'> &
  Pick<ResultRequest, 'minimal' | 'promise'> & { readonly analysed: AnalysedUnit };

/**
 * Lays files out, renders them and rebuilds the image. Where a stage that prunes directories makes something else, for
 * example below a VOLUME, the files come by their names.
 */
async function attemptOf(
  tools: Tools,
  reporter: Reporter,
  { analysed, arrivals, isLinked, minimal, promise }: ToAttempt,
): Promise<Attempt> {
  const rebuilt = async (laidOut: ResultLayout): Promise<Attempt> => {
    const files = await renderResult(reporter, { ...analysed, laidOut, minimal, promise });
    const comparison = await rebuildResult(tools, reporter, { ...analysed, laidOut, files });
    return { arrivals, laidOut, files, comparison };
  };
  const laying = { ...analysed, arrivals, isLinked };
  const pruned = await layOutResult(reporter, { ...laying, prunes: true });
  if (!isPruned(pruned)) return await rebuilt(pruned);
  try {
    const attempt = await rebuilt(pruned);
    if (attempt.comparison.kind !== 'differs') return attempt;
  } catch (error) {
    if (!(error instanceof UserError && error.code === 'build-failed')) throw error;
  }
  return await rebuilt(await layOutResult(reporter, { ...laying, prunes: false }));
}

function succeeded(attempt: Attempt): Success {
  if (isSuccess(attempt)) return attempt;
  throw verifyFailure(attempt.comparison as Failing);
}

/** The failure of a result that no file repairs, or that lacks what the user has dropped. */
function unrepaired(failing: Failing, added: Exclude<Addition, { kind: 'found' }>): UserError {
  const cause = verifyFailure(failing);
  if (added.kind === 'nothing') return cause;
  const hint = `the app looks for ${added.path}, which drop in kraft-slim.yaml names`;
  return new UserError('verify-failed', failing.message, { detail: failing.detail, hint, cause });
}

/** What questions to the oracle are about. */
function oracleSubject({ compared, opened, request }: AnalysedUnit): OracleSubject {
  const { rootfs, subject } = opened;
  return { ...compared, rootfs, clients: subject.clients, settings: request.task.config.workload };
}
