import type { Need } from '../analysis/need.ts';
import type { StaticFindings } from '../analysis/static.ts';
import { parseDockerfile } from '../dockerfile/parse-dockerfile.ts';
import { targetStage } from '../dockerfile/stages-used.ts';
import { type Arrival, arrivalsOf, assembleLayout, withExactDirectories } from '../plan/layout.ts';
import { type Plan, planSlim } from '../plan/plan.ts';
import { hasUnusual } from '../render/staged-root.ts';
import { unfoldRootList } from '../render/unfold-root-list.ts';
import { UserError } from '../shared/failure.ts';
import type { ImagePath } from '../shared/image-path.ts';
import type { Promised } from '../shared/promises.ts';
import { askStages } from './ask-stages.ts';
import { type Baseline, insist, steady } from './case.ts';
import { commandChanges } from './command-change.ts';
import { contextNeeds, workdirNeeds } from './context-needs.ts';
import { dynamicStage } from './dynamic-stage.ts';
import { type Finished, finish } from './finish.ts';
import { askedNeeds, settleNeeds, warnOfMissing } from './given-needs.ts';
import { mend } from './mend.ts';
import { type BaselineRequest, type OpenedBaseline, openBaseline } from './open-baseline.ts';
import { type Oracle, oracleOver } from './oracle.ts';
import type { OracleMemory } from './oracle-memory.ts';
import type { Slimmed } from './outcome.ts';
import { warnOfPartlyKept } from './partly-kept.ts';
import { withPlaceholders } from './placeholders.ts';
import { promiseStage } from './promise-stage.ts';
import { promisedSizes } from './promised-sizes.ts';
import { provenanceOf } from './provenance.ts';
import { readmeChanges, readReadme } from './readme-change.ts';
import { Misbehaviour } from './rebuild.ts';
import type { StageResult } from './result.ts';
import { readUnitList, stagingOf } from './root-list.ts';
import { type Searched, type SearchOptions, searchStage } from './search-stage.ts';
import { answerSecondLook } from './second-look.ts';
import { staticStage } from './static-stage.ts';
import { timed, toSeconds } from './stopwatch.ts';
import { both, type Workshop } from './workshop.ts';
import type { FileChange } from './write.ts';

export type SlimOptions = {
  /** What the result keeps beyond what the workload touches. */
  readonly promise: Promised;
  /** What the result can hold: less than `promise` where a stage rewritten in place has lost files before. */
  readonly held: Promised;
  /** Ask the oracle about the set of each stage. */
  readonly askStages: boolean;
  /** The search that was asked for; null for none but where the result does not behave. */
  readonly search: SearchOptions | null;
  /** Put an empty file in the place of each that the app only asks after. */
  readonly placeholders: boolean;
  /** What the oracle was asked in earlier runs; opened where it is needed. */
  readonly memory: () => Promise<OracleMemory>;
};

/**
 * The whole story for one rootfs unit. It ends with the files as they are to be, verified and not yet written.
 *
 * Build the full root file system and see how the app behaves on it; find what it needs, statically, then dynamically;
 * where asked for, search for what it can do without; lay that out, render it, rebuild it and see that it behaves the
 * same; where it does not, bring what is missing and try once more.
 */
export async function slimUnit(workshop: Workshop, original: string, options: SlimOptions): Promise<Slimmed> {
  const { unit, stopwatch, on, learn } = workshop;
  const step = (name: 'build' | 'static' | 'trace' | 'search', detail: string) =>
    on({ type: 'step', entry: unit.name, step: name, detail });

  const request = { ...(await readDockerfile(workshop, original)), looks: options.search === null };
  const readme = await readReadme(unit);
  step('build', 'building the full root file system');
  await using opened = await openBaseline(workshop, request);
  const { rootfs, image, started, subject, others, isDrifted } = opened;
  const before = isDrifted ? null : rootfs.size();
  learn({ before });

  step('static', 'following what the program links');
  const given = await givenNeeds(workshop, request, opened);
  const [findings, staticSeconds] = await timed(() => staticStage(workshop, started.cases, rootfs));
  const fromStatic = [...findings.flatMap(({ needs }) => needs), ...given];
  insist(workshop, started, { image, rootfs });

  step('trace', `running it again, traced${unknownLibraries(findings)}`);
  const { promise } = options;
  const looking = { ...workshop, looks: request.looks };
  const [[dynamic, provenance], dynamicSeconds] = await timed(() =>
    stopwatch.time('trace', () =>
      both(
        dynamicStage(looking, { ...started, promise, findings, subject, rootfs }),
        provenanceOf(workshop, request, opened),
      ),
    ),
  );
  const seen = [...fromStatic, ...dynamic.needs];
  const { written } = dynamic;
  const promised = await promiseStage(workshop, promise, {
    request,
    opened,
    findings,
    needs: seen,
    written,
    provenance,
  });
  const needs = settleNeeds([...seen, ...promised], { ...workshop, rootfs });
  const plan = planSlim(rootfs, needs);
  warnOfMissing(plan.missing, workshop.warn);
  const compared = steady({ ...started, baseline: dynamic.baseline }, dynamic.unsteady);
  await using oracle = oracleOver(
    workshop,
    { ...compared, rootfs, clients: subject.clients },
    options.memory,
  );
  const seconds = { static: staticSeconds, dynamic: dynamicSeconds };
  const stages = await askStages({ rootfs, fromStatic, plan, seconds }, options.askStages ? oracle : null);
  learn({ stages });

  const analysed = {
    ...request,
    opened,
    compared,
    oracle,
    planned: await arrivalsFor(workshop, opened, { plan, dropsPrivileges: dynamic.dropsPrivileges }),
    indifferent: dynamic.indifferent,
    promise: options.held,
  };
  const { finished, searched, arrivals, runs } = await searchAndFinish(workshop, analysed, options);
  const changes: FileChange[] = [
    // a runtime has a command of its own, which stays the entry's
    ...(others.runtime === null ? commandChanges(unit, image) : []),
    ...finished.listed,
    { name: unit.dockerfile, before: original, after: finished.text },
    ...readmeChanges(workshop, readme, { before, ...finished, output: firstAnswer(compared) }),
  ];
  const final = arrivals === analysed.planned ? plan : planOf(opened, arrivals);
  warnOfPartlyKept(workshop, rootfs, { plan: final, made: provenance.made });
  return {
    cases: compared.cases,
    before,
    ...finished,
    stages: stages.map((stage) =>
      stage.name === 'search' ? searchResult(opened, searched, stopwatch) : stage,
    ),
    search: {
      oracleRuns: oracle.runs + runs,
      cacheHits: oracle.cacheHits,
      minimal: searched?.minimal ?? 'none',
      held: searched?.held ?? 0,
      implied: 0,
    },
    repaired: isDrifted,
    plan: final,
    promised: promisedSizes(rootfs, final),
    missed: dynamic.missed,
    changes,
  };
}

type Analysed = BaselineRequest & {
  /** As the marker says it. */
  readonly promise: Promised;
  readonly opened: OpenedBaseline;
  readonly compared: Baseline;
  readonly oracle: Oracle;
  readonly planned: readonly Arrival[];
  /** What the app looks for without needing it. */
  readonly indifferent: ReadonlySet<ImagePath>;
};

type Ended = {
  readonly finished: Finished;
  /** null where no search was asked for and none was needed. */
  readonly searched: Pick<Searched, 'arrivals' | 'minimal' | 'held'> | null;
  readonly arrivals: readonly Arrival[];
  /** Runs besides the oracle's. */
  readonly runs: number;
};

/** What arrives, with modes and owners of directories where they decide what an app may do and a stage can keep them. */
async function arrivalsFor(
  { unit, warn }: Workshop,
  { rootfs, donors }: OpenedBaseline,
  { plan, dropsPrivileges }: { readonly plan: Plan; readonly dropsPrivileges: boolean },
): Promise<readonly Arrival[]> {
  const arrivals = arrivalsOf(plan);
  if (!dropsPrivileges) return arrivals;
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

/** Stage 3 where it is asked for, the result, and stage 3 again where that does not behave. */
async function searchAndFinish(
  workshop: Workshop,
  analysed: Analysed,
  { search: wanted, placeholders }: Pick<SlimOptions, 'search' | 'placeholders'>,
): Promise<Ended> {
  const { opened, compared, planned, oracle, indifferent } = analysed;
  const { stopwatch, on, unit } = workshop;
  const subject = { ...compared, rootfs: opened.rootfs, clients: opened.subject.clients, planned, oracle };
  const search = async <T>(detail: string, work: () => Promise<T>): Promise<T> => {
    on({ type: 'step', entry: unit.name, step: 'search', detail });
    return await stopwatch.time('search', work);
  };
  const emptied = async (arrivals: readonly Arrival[]) => {
    if (!placeholders) return arrivals;
    if (opened.donors === null)
      return await search('looking for files that may be empty', () =>
        withPlaceholders(workshop, { ...subject, planned: arrivals }),
      );
    const message =
      'a stage that is rewritten in place has no line for an empty file: kraft-slim keeps all files whole';
    workshop.warn({ code: 'placeholder-impossible', message });
    return arrivals;
  };
  if (wanted !== null) {
    const searched = await search('looking for files that the app works without', () =>
      searchStage(workshop, subject, wanted),
    );
    const arrivals = await emptied(searched.arrivals);
    const finished = await finish(workshop, { ...analysed, arrivals, minimal: searched.minimal });
    return { finished, searched: { ...searched, arrivals }, arrivals, runs: 0 };
  }
  const finishOn = async (arrivals: readonly Arrival[]) => {
    const wished = { ...analysed, arrivals, minimal: 'none' } as const;
    return await answerSecondLook(workshop, wished, await finish(workshop, wished));
  };
  try {
    return { ...(await finishOn(await emptied(planned))), searched: null };
  } catch (error) {
    if (!(error instanceof Misbehaviour)) throw error;
    const { arrivals, runs, held } = await search('looking for the missing files', () =>
      mend(workshop, { ...subject, indifferent }, error),
    );
    const looked = await finishOn(arrivals);
    return { ...looked, searched: { ...looked, minimal: 'none', held }, runs: runs + looked.runs };
  }
}

/** What is kept for other reasons than that the app was seen to need it. */
async function givenNeeds(
  workshop: Workshop,
  { dockerfile, stage }: BaselineRequest,
  { image, rootfs }: OpenedBaseline,
): Promise<Need[]> {
  const { config } = workshop;
  const context = await contextNeeds(workshop, { dockerfile, full: stage, image, rootfs });
  const directories = stage.from.kind === 'scratch' ? workdirNeeds(dockerfile, stage) : [];
  return [...context, ...directories, ...askedNeeds(rootfs, config.keep)];
}

function searchResult(
  { rootfs }: OpenedBaseline,
  searched: Ended['searched'],
  { seconds }: Workshop['stopwatch'],
): StageResult {
  if (searched === null) return { name: 'search', files: null, bytes: null, passed: null, seconds: 0 };
  const { keptSize } = planOf({ rootfs }, searched.arrivals);
  return { name: 'search', ...keptSize, passed: true, seconds: toSeconds(seconds().search * 1000) };
}

function planOf({ rootfs }: Pick<OpenedBaseline, 'rootfs'>, arrivals: readonly Arrival[]): Plan {
  return planSlim(
    rootfs,
    arrivals.flatMap(({ path, reasons }) => reasons.map((reason) => ({ path, reason }))),
  );
}

/**
 * What the first question is answered: the text that the author expects of it, else what came on the full root file
 * system, which two runs had alike; null where that is no text.
 */
function firstAnswer({ baseline: [first] }: Baseline): string | null {
  const asked = first?.answers[0];
  return asked?.probe.expect ?? asked?.answer.text ?? null;
}

/** What static analysis cannot know, for people; empty where it knows all. */
function unknownLibraries(findings: readonly StaticFindings[]): string {
  const loaders = findings.flatMap(({ loadsByItself, program }) => (loadsByItself ? [program] : []));
  return loaders.length === 0 ? '' : `, since ${loaders.join(', ')} loads libraries at run time`;
}

async function readDockerfile(
  { unit, config }: Workshop,
  text: string,
): Promise<Omit<BaselineRequest, 'looks'>> {
  const written = parseDockerfile(text, { file: unit.dockerfile, buildArgs: config.build.args });
  const dockerfile = unfoldRootList(written, await readUnitList(unit));
  const stage = targetStage(dockerfile, config.build.target);
  if (stage === undefined) {
    throw new UserError(
      'config-invalid',
      `cannot build the stage ${config.build.target}: the Dockerfile has none`,
      {
        hint: 'correct build.target in kraft-slim.yaml',
      },
    );
  }
  return { text, dockerfile, stage };
}
