import { basename } from 'node:path/posix';
import { withoutDispensable } from '../analysis/dispensable.ts';
import { needsOfTrace } from '../analysis/dynamic.ts';
import type { Need } from '../analysis/need.ts';
import { analyseStatically, needsLoaderCache } from '../analysis/static.ts';
import { hostTracer } from '../analysis/tracer.ts';
import type { Rootfs } from '../image/rootfs.ts';
import { matches } from '../shared/glob.ts';
import type { ImagePath } from '../shared/image-path.ts';
import type { Trace } from '../strace/read-trace.ts';
import { runLaunch } from '../workload/run-launch.ts';
import type { Case } from './case.ts';
import type { BuiltImage, Workshop } from './workshop.ts';

/** Stage 1 for every case of a unit: what the ELF files link. */
export function staticNeeds({ warn }: Workshop, cases: readonly Case[], rootfs: Rootfs): Need[] {
  return cases.flatMap(({ launch }) => {
    const { needs, missing } = analyseStatically(rootfs, launch);
    for (const { name, neededBy } of missing) {
      warn({
        code: 'library-missing',
        message: `${neededBy ?? launch.argv[0]} links ${name}, which is not found`,
      });
    }
    return needs;
  });
}

/** Stage 2 for every case of a unit: what the traced app touches while it is started and used. */
export async function dynamicNeeds(
  workshop: Workshop,
  cases: readonly Case[],
  full: BuiltImage,
): Promise<Need[]> {
  const needs: Need[] = [];
  for (const { launch, workload } of cases) {
    const trace = await traceCase(workshop, { launch, workload }, full);
    if (trace === undefined || trace.log.lines === 0) {
      workshop.warn({ code: 'not-traced', message: `${launch.argv[0]} could not be traced in this engine` });
      continue;
    }
    const tree = full.rootfs;
    const found = needsOfTrace(tree, trace.touched);
    const loaded = trace.touched.filter(({ executable }) => executable).map(({ path }) => basename(path));
    const cacheNeeded = needsLoaderCache(tree, launch, loaded);
    needs.push(...withoutDispensable(found.needs, { tree, env: launch.env, cacheNeeded }));
    warnOfFitness(workshop, trace, found.kernelPaths);
  }
  return needs;
}

async function traceCase(
  { engine, signal }: Workshop,
  { launch, workload }: Case,
  full: BuiltImage,
): Promise<Trace | undefined> {
  const tracer = hostTracer();
  let trace: Trace | undefined;
  await runLaunch(engine, {
    image: full.config.id,
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
  return trace;
}

/** Dependence on /proc and /sys: Unikraft's base has none of it. /dev is there, as far as the loader makes it. */
function warnOfFitness({ warn }: Workshop, trace: Trace, kernelPaths: readonly ImagePath[]): void {
  const kernel = kernelPaths.filter((path) => !path.startsWith('/dev'));
  if (kernel.length > 0) {
    warn({
      code: 'kernel-files',
      message: `the app reads ${kernel.join(', ')}, which Unikraft does not have`,
    });
  }
  const children = trace.facts.filter(
    ({ kind }) => kind === 'fork' || kind === 'vfork' || kind === 'exec-child',
  );
  if (children.length > 0) {
    warn({
      code: 'processes',
      message: `the app starts processes, which Unikraft cannot: ${children[0]?.text}`,
    });
  }
}

/** What the user asks for: `keep` globs over the paths of the full root file system. */
export function askedNeeds(rootfs: Rootfs, keep: readonly string[]): Need[] {
  const needs: Need[] = [];
  for (const [path] of rootfs.entries()) {
    const glob = keep.find((pattern) => matches(pattern, path));
    if (glob !== undefined) needs.push({ path, reason: { kind: 'asked', glob } });
  }
  return needs;
}

/** Needs less what the user's `drop` globs name. */
export function withoutDropped(needs: readonly Need[], drop: readonly string[]): Need[] {
  return needs.filter(({ path }) => !drop.some((glob) => matches(glob, path)));
}
