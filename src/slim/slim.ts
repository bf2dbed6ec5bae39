import type { StaticFindings } from '../analysis/static.ts';
import type { Dockerfile, Stage } from '../dockerfile/model.ts';
import { parseDockerfile } from '../dockerfile/parse-dockerfile.ts';
import { targetStage } from '../dockerfile/stages-used.ts';
import { layOut } from '../plan/layout.ts';
import { planSlim } from '../plan/plan.ts';
import { UserError } from '../shared/failure.ts';
import { askStages } from './ask-stages.ts';
import { type Baseline, insist, observeAll, steady, withoutFailingDependents } from './case.ts';
import { casesOf } from './cases-of.ts';
import { commandChanges } from './command-change.ts';
import { contextNeeds, workdirNeeds } from './context-needs.ts';
import { openDonors } from './donors.ts';
import { dynamicStage } from './dynamic-stage.ts';
import { askedNeeds, settleNeeds, warnOfMissing } from './given-needs.ts';
import { neededEnv } from './needed-env.ts';
import { openOthers } from './other-image.ts';
import type { Slimmed } from './outcome.ts';
import { readmeChanges, readReadme } from './readme-change.ts';
import { compareBuilt } from './rebuild.ts';
import { renderResult } from './render-result.ts';
import { listChanges } from './root-list.ts';
import { staticStage } from './static-stage.ts';
import { timed } from './stopwatch.ts';
import { subjectOf } from './subject.ts';
import { both, buildRendered, buildUnit, type Workshop } from './workshop.ts';
import type { FileChange } from './write.ts';

export type SlimOptions = {
  /** Ask the oracle about the set of each stage. */
  readonly askStages: boolean;
};

/**
 * The whole story for one rootfs unit. It ends with the files as they are to be, verified and not yet written.
 *
 * Build the full root file system; see how the app behaves on it; find what it needs, statically, then dynamically;
 * lay that out and render it; rebuild and see that it behaves the same.
 */
export async function slimUnit(workshop: Workshop, original: string, options: SlimOptions): Promise<Slimmed> {
  const { unit, config, stopwatch, on, learn } = workshop;
  const step = (name: 'build' | 'baseline' | 'static' | 'trace' | 'verify', detail: string) =>
    on({ type: 'step', entry: unit.name, step: name, detail });

  const { dockerfile, full: stage } = readDockerfile(workshop, original);
  const readme = await readReadme(unit);
  step('build', 'building the full root file system');
  await using full = await stopwatch.time('build', () => buildUnit(workshop, original, config.build.target));
  const isHandMade = stage.from.kind === 'scratch';
  await using donors = await stopwatch.time('build', async () =>
    isHandMade ? await openDonors(workshop, { dockerfile, stage }) : null,
  );
  await using others = await stopwatch.time('build', () => openOthers(workshop, { withDependents: true }));
  const subject = subjectOf(full, donors?.all[0]?.config.id);
  const asked = await stopwatch.time('baseline', () =>
    casesOf(workshop, { image: full.config, subject, others }),
  );
  learn({ launches: asked.map(({ launch }) => launch) });

  step('baseline', 'running the app on the full root file system, and taking it');
  const [rootfs, seen] = await stopwatch.time('baseline', () =>
    both(full.rootfs(), observeAll(workshop, asked, subject)),
  );
  const started = withoutFailingDependents(workshop, asked, seen);
  const { cases, baseline } = started;

  learn({ before: rootfs.size() });
  step('static', 'following what the program links');
  const given = [
    ...(await contextNeeds(workshop, { dockerfile, full: stage, image: full.config, rootfs })),
    ...(isHandMade ? workdirNeeds(dockerfile, stage) : []),
    ...askedNeeds(rootfs, config.keep),
  ];
  const [findings, staticSeconds] = await timed(() => staticStage(workshop, cases, rootfs));
  const fromStatic = [...findings.flatMap(({ needs }) => needs), ...given];
  insist(workshop, started);

  step('trace', `running it again, traced${unknownLibraries(findings)}`);
  const [dynamic, dynamicSeconds] = await timed(() =>
    stopwatch.time('trace', () => dynamicStage(workshop, { cases, findings, baseline, subject, rootfs })),
  );

  const needs = settleNeeds([...fromStatic, ...dynamic.needs], { ...workshop, rootfs });
  const plan = planSlim(rootfs, needs);
  warnOfMissing(plan.missing, workshop.warn);
  const layout = layOut(rootfs, plan);
  for (const path of layout.left) {
    workshop.warn({ code: 'path-left-out', message: `${path} is no file that a COPY line can carry` });
  }
  const seconds = { static: staticSeconds, dynamic: dynamicSeconds };
  const compared = steady(started, dynamic.unsteady);
  const { clients } = subject;
  const analysed = { ...compared, rootfs, clients, fromStatic, plan, seconds };
  const stages = await askStages(workshop, analysed, options.askStages);
  learn({ stages });
  const own = cases.filter(({ composition }) => composition.kind !== 'under');
  const env = neededEnv(
    own.map(({ platform }) => platform),
    full.config,
  );
  const result = { dockerfile, full: stage, rootfs, layout, donors, env, minimal: 'none' } as const;
  const rendered = await renderResult(workshop, result);
  const listed = await listChanges(unit, rendered.list);

  step('verify', 'rebuilding, and running the result');
  const { after, memory, verdicts } = await stopwatch.time('verify', async () => {
    await using built = await buildRendered(workshop, rendered.text, listed);
    const expected = { ...compared, layout, runtime: others.runtime };
    return await compareBuilt(workshop, subjectOf(built, clients), expected);
  });
  const changes: FileChange[] = [
    // a runtime has a command of its own, which stays the entry's
    ...(others.runtime === null ? commandChanges(unit, full.config) : []),
    ...listed,
    { name: unit.dockerfile, before: original, after: rendered.text },
    ...readmeChanges(workshop, readme, {
      before: rootfs.size(),
      after,
      ...memory,
      output: firstAnswer(compared),
    }),
  ];
  const found = { before: rootfs.size(), after, memory, stages, verdicts, plan, missed: dynamic.missed };
  return { cases: compared.cases, ...found, changes };
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
  return loaders.length === 0 ? '' : `, since ${loaders.join(', ')} loads libraries by itself`;
}

/** The parsed Dockerfile and the stage whose root file system is the full one. */
function readDockerfile({ unit, config }: Workshop, text: string): { dockerfile: Dockerfile; full: Stage } {
  const dockerfile = parseDockerfile(text, { file: unit.dockerfile, buildArgs: config.build.args });
  const full = targetStage(dockerfile, config.build.target);
  if (full === undefined) {
    throw new UserError(
      'config-invalid',
      `cannot build the stage ${config.build.target}: the Dockerfile has none`,
      {
        hint: 'correct build.target in kraft-slim.yaml',
      },
    );
  }
  return { dockerfile, full };
}
