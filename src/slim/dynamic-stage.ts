import { basename } from 'node:path/posix';
import { withoutDispensable } from '../analysis/dispensable.ts';
import { needsOfTrace } from '../analysis/dynamic.ts';
import type { Need } from '../analysis/need.ts';
import { needsLoaderCache, type StaticFindings } from '../analysis/static.ts';
import { hostTracer, type Tracer } from '../analysis/tracer.ts';
import type { ImageId } from '../engine/engine.ts';
import type { Rootfs } from '../image/rootfs.ts';
import { UserError } from '../shared/failure.ts';
import type { ImagePath } from '../shared/image-path.ts';
import type { Trace } from '../strace/read-trace.ts';
import { judge } from '../workload/judge.ts';
import { type Observation, runLaunch } from '../workload/run-launch.ts';
import type { Case } from './case.ts';
import type { Workshop } from './workshop.ts';

export type Traced = {
  readonly cases: readonly Case[];
  /** Of stage 1, one for each case. */
  readonly findings: readonly StaticFindings[];
  /** How the app behaved untraced, one for each case. */
  readonly baseline: readonly Observation[];
  readonly image: ImageId;
  readonly rootfs: Rootfs;
};

/** Stage 2, for every case of a unit: what the traced app touches while it is started and used. */
export async function dynamicStage(
  workshop: Workshop,
  { cases, findings, baseline, image, rootfs: tree }: Traced,
): Promise<Need[]> {
  const needs: Need[] = [];
  const tracer = hostTracer();
  if (tracer === undefined) {
    workshop.warn({ code: 'not-traced', message: 'nothing is traced: there is no strace on this machine' });
    return [];
  }
  for (const [at, one] of cases.entries()) {
    const { trace, seen } = await traceCase(workshop, one, { image, tracer });
    compareRuns(workshop, one, { seen, baseline: baseline[at] as Observation });
    if (trace === undefined || trace.log.lines === 0) {
      workshop.warn({
        code: 'not-traced',
        message: `${one.launch.argv[0]} could not be traced in this engine`,
      });
      continue;
    }
    const found = needsOfTrace(tree, trace.touched);
    const { env } = one.launch;
    const loaded = trace.touched.filter(({ executable }) => executable).map(({ path }) => basename(path));
    const cacheNeeded = needsLoaderCache(tree, { program: findings[at]?.program ?? null, env, loaded });
    needs.push(...withoutDispensable(found.needs, { tree, env, cacheNeeded }));
    warnOfFitness(workshop, trace, found.kernelPaths);
    warnOfScript(workshop, trace, findings[at]);
  }
  return needs;
}

async function traceCase(
  { engine, signal }: Workshop,
  { launch, workload }: Case,
  { image, tracer }: { image: ImageId; tracer: Tracer },
): Promise<{ trace: Trace | undefined; seen: Observation }> {
  let trace: Trace | undefined;
  const seen = await runLaunch(engine, {
    image,
    argv: launch.argv,
    env: launch.env,
    workload,
    signal,
    tracer: {
      ...tracer,
      collect: async (container) => {
        trace = await tracer.collect(container);
      },
    },
  });
  return { trace, seen };
}

/**
 * Two runs on the same files have to tell the same: where they do not, no later difference means anything.
 * An app that fails under the tracer alone is told, since its trace may lack what it would have touched.
 * @throws UserError `baseline-unstable`.
 */
function compareRuns(
  { warn }: Workshop,
  { launch, workload }: Case,
  { seen, baseline }: { seen: Observation; baseline: Observation },
): void {
  const alone = judge(workload, seen, null).fault;
  if (alone !== null) {
    warn({
      code: 'not-traced',
      message: `${launch.kraftfile} does not behave while it is traced: ${alone.message}`,
    });
    return;
  }
  const { fault } = judge(workload, seen, baseline);
  if (fault === null) return;
  throw new UserError(
    'baseline-unstable',
    `two runs of ${launch.kraftfile} tell different things: ${fault.message}`,
    {
      hint: 'say in the README what is to be expected, or ask the app something that does not change',
      detail: fault.detail,
    },
  );
}

/** Dependence on /proc and /sys: Unikraft's base has none of it. /dev is there, as far as the kernel makes it. */
function warnOfFitness({ warn }: Workshop, trace: Trace, kernelPaths: readonly ImagePath[]): void {
  const kernel = kernelPaths.filter((path) => !path.startsWith('/dev'));
  if (kernel.length > 0) {
    warn({
      code: 'kernel-files',
      message: `the app reads ${kernel.join(', ')}, which Unikraft does not have`,
    });
  }
  const child = trace.facts.find(({ kind }) => kind === 'fork' || kind === 'vfork' || kind === 'exec-child');
  if (child !== undefined) {
    warn({ code: 'processes', message: `the app starts processes, which Unikraft cannot: ${child.text}` });
  }
}

/** A script that does more than exec cannot be read, but was seen to end in a program. */
function warnOfScript({ warn }: Workshop, { processes }: Trace, findings: StaticFindings | undefined): void {
  const last = processes[0]?.programs.at(-1);
  if (findings === undefined || findings.script === null || findings.wrapped !== null) return;
  if (last === undefined || (processes[0]?.programs.length ?? 0) < 2) return;
  const message = `${findings.command} was seen to exec ${JSON.stringify(last.argv)}: use that as cmd`;
  warn({ code: 'script-cmd', message });
}
