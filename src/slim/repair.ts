import { needsOfTrace } from '../analysis/dynamic.ts';
import type { Tracer } from '../analysis/tracer.ts';
import { type Arrival, assembleLayout } from '../plan/layout.ts';
import { layoutView } from '../plan/layout-view.ts';
import { resolvePath, walk } from '../shared/file-tree.ts';
import { baseName, type ImagePath } from '../shared/image-path.ts';
import type { Trace } from '../strace/read-trace.ts';
import { judge } from '../workload/judge.ts';
import type { Observation } from '../workload/run-launch.ts';
import { observe } from './case.ts';
import { compose } from './composition.ts';
import { isNamed } from './given-needs.ts';
import { candidate, type OracleSubject } from './oracle.ts';
import type { Workshop } from './workshop.ts';

export type RepairSubject = OracleSubject & {
  readonly planned: readonly Arrival[];
  readonly tracer: Tracer | undefined;
  /** What the app looks for without needing it: found or not, it goes the same way. */
  readonly indifferent: ReadonlySet<ImagePath>;
};

export type Repaired = {
  readonly arrivals: readonly Arrival[];
  /** Whether the app behaves on them. */
  readonly passed: boolean;
  /** A path that the app looks for and the user has dropped: no search may bring it back. */
  readonly dropped: ImagePath | null;
  readonly runs: number;
};

/** More rounds than any chain of files that name one another. */
const MAX_ROUNDS = 40;

/** What dynamic linkers print of a library that they do not find: glibc's and musl's. */
const MISSING_LIBRARY = /(?:error while loading shared libraries: |Error loading shared library )([^\s:]+)/g;

/**
 * Runs the app on what was found so far, traced, and adds what it looked for in vain as long as it finds more: the
 * look-ups of a failed run name what is missing, or the dynamic linker does.
 */
export async function repair(workshop: Workshop, subject: RepairSubject): Promise<Repaired> {
  const { rootfs, cases, baseline, indifferent } = subject;
  let arrivals = [...subject.planned];
  for (let runs = 0; ; ) {
    const layout = assembleLayout(rootfs, arrivals);
    const there = new Set(layout.entries.map(({ path }) => path));
    const missed = new Set<ImagePath>();
    let passed = true;
    for (const [at, one] of cases.entries()) {
      const { seen, trace } = await tracedRun(workshop, one, { subject, layout });
      passed &&= judge(one.workload, seen, baseline[at] ?? null).fault === null;
      const { tree } = compose(one.composition, layoutView(rootfs, layout));
      const looked = trace === undefined ? [] : needsOfTrace(tree, trace).failed.map(({ path }) => path);
      for (const path of [...looked, ...librariesNamed(seen, rootfs)]) missed.add(path);
    }
    runs += 1;
    const found = [...missed].filter(
      (path) => !there.has(path) && !indifferent.has(path) && resolvePath(rootfs, path).entry !== undefined,
    );
    const dropped = found.find((path) => isNamed(workshop.config.drop, rootfs, path)) ?? null;
    if (passed || dropped !== null || found.length === 0 || runs === MAX_ROUNDS)
      return { arrivals, passed, dropped, runs };
    arrivals = [
      ...arrivals,
      ...found.map((path): Arrival => ({ path, source: path, reasons: [{ kind: 'repaired' }] })),
    ];
  }
}

async function tracedRun(
  workshop: Workshop,
  one: OracleSubject['cases'][number],
  { subject, layout }: { subject: RepairSubject; layout: ReturnType<typeof assembleLayout> },
): Promise<{ seen: Observation; trace: Trace | undefined }> {
  const { tracer } = subject;
  let trace: Trace | undefined;
  const on = await candidate(workshop, subject, layout);
  const tracing = tracer && {
    ...tracer,
    collect: async (container: Parameters<Tracer['collect']>[0]) => {
      trace = await tracer.collect(container);
    },
  };
  const seen = await observe(workshop, one, {
    subject: on,
    ...(tracing === undefined ? {} : { tracer: tracing }),
  });
  return { seen, trace };
}

/** Where the libraries lie that a dynamic linker has asked for by their names alone. */
function librariesNamed({ lastOutput }: Observation, rootfs: OracleSubject['rootfs']): ImagePath[] {
  const names = new Set([...lastOutput.matchAll(MISSING_LIBRARY)].map(([, name]) => name));
  if (names.size === 0) return [];
  return [...walk(rootfs)].flatMap(([path]) => (names.has(baseName(path)) ? [path] : []));
}
