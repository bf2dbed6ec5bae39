import { parseDockerfile } from '../dockerfile/parse-dockerfile.ts';
import { targetStage } from '../dockerfile/stages-used.ts';
import { planSlim } from '../plan/plan.ts';
import { unfoldPruned } from '../render/pruned-stages.ts';
import { unfoldRootList } from '../render/unfold-root-list.ts';
import { UserError } from '../shared/failure.ts';
import type { Promised } from '../shared/promises.ts';
import { arrivalsFor } from './arrivals-for.ts';
import { askStages } from './ask-stages.ts';
import { type Baseline, steady } from './case.ts';
import { commandChanges } from './command-change.ts';
import { findNeeds } from './find-needs.ts';
import { warnOfMissing } from './given-needs.ts';
import { type BaselineRequest, openBaseline } from './open-baseline.ts';
import { oracleOver } from './oracle.ts';
import type { OracleMemory } from './oracle-memory.ts';
import type { Slimmed } from './outcome.ts';
import { warnOfPartlyKept } from './partly-kept.ts';
import { promisedSizes } from './promised-sizes.ts';
import { readmeChanges, readReadme } from './readme-change.ts';
import { readUnitList } from './root-list.ts';
import { planOf, type SearchWishes, searchAndFinish, searchResult } from './search-and-finish.ts';
import type { Workshop } from './workshop.ts';
import type { FileChange } from './write.ts';

export type SlimOptions = SearchWishes & {
  /** What the result keeps beyond what the workload touches. */
  readonly promise: Promised;
  /** What the result can hold: less than `promise` where a stage rewritten in place has lost files before. */
  readonly held: Promised;
  /** Ask the oracle about the set of each stage. */
  readonly askStages: boolean;
  /** What the oracle was asked in earlier runs; opened where it is needed. */
  readonly memory: () => Promise<OracleMemory>;
};

/**
 * The whole story for one rootfs unit. It ends with the files as they are to be, verified and not yet written.
 *
 * Build the full root file system and see how the app behaves on it; find what it needs, statically, then dynamically;
 * where asked for, search for what it can do without; lay that out, render it, rebuild it and see that it behaves the
 * same; where it does not, add what is missing and try once more.
 */
export async function slimUnit(workshop: Workshop, original: string, options: SlimOptions): Promise<Slimmed> {
  const { unit, stopwatch, on, learn } = workshop;
  const request = { ...(await readDockerfile(workshop, original)), looks: options.search === null };
  const readme = await readReadme(unit);
  on({ type: 'step', entry: unit.name, step: 'build', detail: 'building the full root file system' });
  await using opened = await openBaseline(workshop, request);
  const { rootfs, image, started, subject, others, isDrifted } = opened;
  const before = isDrifted ? null : rootfs.size();
  learn({ before });

  const { promise } = options;
  const { needs, fromStatic, dynamic, provenance, visited, seconds } = await findNeeds(
    workshop,
    request,
    opened,
    promise,
  );
  const plan = planSlim(rootfs, needs);
  warnOfMissing(plan.missing, workshop.warn);
  const compared = steady({ ...started, baseline: dynamic.baseline }, dynamic.unsteady);
  await using oracle = oracleOver(
    workshop,
    { ...compared, rootfs, clients: subject.clients },
    options.memory,
  );
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
    copied: provenance.copied,
  };
  const { finished, searched, arrivals, runs } = await searchAndFinish(workshop, analysed, options);
  const changes: FileChange[] = [
    // a runtime has a command, which stays the entry's
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
    visited,
    changes,
  };
}

/**
 * What the first question is answered: the text that the author expects of it, else what came on the full root file
 * system, which two runs had alike; null where that is no text.
 */
function firstAnswer({ baseline: [first] }: Baseline): string | null {
  const answered = first?.answers[0];
  return answered?.probe.expect ?? answered?.answer.text ?? null;
}

async function readDockerfile(
  { unit, config }: Workshop,
  text: string,
): Promise<Omit<BaselineRequest, 'looks'>> {
  const written = parseDockerfile(text, { file: unit.dockerfile, buildArgs: config.build.args });
  const dockerfile = unfoldPruned(unfoldRootList(written, await readUnitList(unit)));
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
  // a stage that prunes is laid out again, over what it was made from
  return { text: unfoldPruned(written).text, dockerfile, stage };
}
