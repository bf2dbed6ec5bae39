import type { Dockerfile, Stage } from '../dockerfile/model.ts';
import { parseDockerfile } from '../dockerfile/parse-dockerfile.ts';
import { targetStage } from '../dockerfile/stages-used.ts';
import { layOut } from '../plan/layout.ts';
import { planSlim } from '../plan/plan.ts';
import { renderDockerfile } from '../render/render-dockerfile.ts';
import { UserError } from '../shared/failure.ts';
import { askStages } from './ask-stages.ts';
import { casesOf, insist, judgeAll, observeAll } from './case.ts';
import { commandChange } from './command-change.ts';
import { contextNeeds } from './context-needs.ts';
import { dynamicStage } from './dynamic-stage.ts';
import { askedNeeds, settleNeeds, warnOfMissing } from './given-needs.ts';
import { neededEnv } from './needed-env.ts';
import type { Slimmed } from './outcome.ts';
import { compareBuilt } from './rebuild.ts';
import { staticStage } from './static-stage.ts';
import { timed } from './stopwatch.ts';
import { both, buildUnit, type Workshop } from './workshop.ts';
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
  step('build', 'building the full root file system');
  await using full = await stopwatch.time('build', () => buildUnit(workshop, original, config.build.target));
  const cases = await casesOf(workshop, full.config);
  learn({ launches: cases.map(({ launch }) => launch) });

  step('baseline', 'running the app on the full root file system, and taking it');
  const [rootfs, baseline] = await stopwatch.time('baseline', () =>
    both(full.rootfs(), observeAll(workshop, cases, { image: full.config.id })),
  );

  learn({ before: rootfs.size() });
  step('static', 'following what the program links');
  const given = [
    ...(await contextNeeds(workshop, { dockerfile, full: stage, image: full.config, rootfs })),
    ...askedNeeds(rootfs, config.keep),
  ];
  const [findings, staticSeconds] = await timed(() => staticStage(workshop, cases, rootfs));
  const fromStatic = [...findings.flatMap(({ needs }) => needs), ...given];
  insist(workshop, cases, judgeAll(cases, baseline, null));

  const loaders = findings.flatMap(({ loadsByItself, program }) => (loadsByItself ? [program] : []));
  const unknown = loaders.length === 0 ? '' : `, since ${loaders.join(', ')} loads libraries by itself`;
  step('trace', `running it again, traced${unknown}`);
  const [fromTrace, dynamicSeconds] = await timed(() =>
    stopwatch.time('trace', () =>
      dynamicStage(workshop, { cases, findings, baseline, image: full.config.id, rootfs }),
    ),
  );

  const needs = settleNeeds([...fromStatic, ...fromTrace], { ...workshop, rootfs });
  const plan = planSlim(rootfs, needs);
  warnOfMissing(plan.missing, workshop.warn);
  const layout = layOut(rootfs, plan);
  for (const path of layout.left) {
    workshop.warn({ code: 'path-left-out', message: `${path} is no file that a COPY line can carry` });
  }
  const seconds = { static: staticSeconds, dynamic: dynamicSeconds };
  const analysed = { cases, baseline, rootfs, fromStatic, plan, seconds };
  const stages = await askStages(workshop, analysed, options.askStages);
  learn({ stages });
  const env = neededEnv(unit, full.config);
  const rendered = renderDockerfile({ dockerfile, full: stage, layout, env, minimal: 'none' });

  step('verify', 'rebuilding, and running the result');
  const { after, memory, verdicts } = await stopwatch.time('verify', async () => {
    await using built = await buildUnit(workshop, rendered);
    return await compareBuilt(workshop, built, { layout, cases, baseline });
  });
  const changes: FileChange[] = [
    ...cases.flatMap((one) => commandChange(unit, one.launch)),
    { name: unit.dockerfile, before: original, after: rendered },
  ];
  return { cases, before: rootfs.size(), after, memory, stages, verdicts, plan, changes };
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
