import { needsOfTrace } from '../../analysis/dynamic.ts';
import type { Tracer } from '../../analysis/tracer.ts';
import { type Arrival, assembleLayout, type Layout } from '../../plan/layout.ts';
import { layoutView } from '../../plan/layout-view.ts';
import { resolvePath, walk } from '../../shared/file-tree.ts';
import { baseName, type ImagePath } from '../../shared/image-path.ts';
import { judge } from '../../workload/judge.ts';
import type { Observation } from '../../workload/run-launch.ts';
import { compose } from '../baseline/composition.ts';
import { tracedRun, tracerFor } from '../baseline/run-case.ts';
import { isNamed } from '../find/given-needs.ts';
import type { RunTools } from '../tools.ts';
import { candidate, type OracleSubject } from './oracle.ts';

export type RepairSubject = OracleSubject & {
  readonly planned: readonly Arrival[];
  /** What the app looks for without needing it: found or not, it goes the same way. */
  readonly indifferent: ReadonlySet<ImagePath>;
  /** Globs of what the user wants gone. */
  readonly drop: readonly string[];
};

export type Repaired = {
  readonly arrivals: readonly Arrival[];
  /** Whether the app behaves on them. */
  readonly passed: boolean;
  /** A path that the app looks for and the user has dropped: no search may add it again. */
  readonly dropped: ImagePath | null;
  readonly runs: number;
};

/** More rounds than any chain of files that name one another. */
const MAX_ROUNDS = 40;

/** What dynamic linkers print of a library that they do not find: glibc's and musl's. */
const MISSING_LIBRARY = /(?:error while loading shared libraries: |Error loading shared library )([^\s:]+)/g;

/**
 * Runs the app on what was found so far, traced, and adds what it failed to find, as long as a run shows more: the
 * look-ups of a failed run name what is missing, or the dynamic linker does.
 */
export async function repair(tools: RunTools, subject: RepairSubject): Promise<Repaired> {
  const { rootfs, cases, baseline, drop } = subject;
  const { tracer } = await tracerFor(tools);
  let arrivals = subject.planned;
  for (let runs = 1; ; runs += 1) {
    const { seen, found } = await lookUps(tools, subject, {
      layout: assembleLayout(rootfs, arrivals),
      tracer,
      looks: false,
    });
    const passed = cases.every(
      ({ workload }, at) => judge(workload, seen[at] as Observation, baseline[at] ?? null).fault === null,
    );
    const dropped = found.find((path) => isNamed(drop, rootfs, path)) ?? null;
    if (passed || dropped !== null || found.length === 0 || runs === MAX_ROUNDS)
      return { arrivals, passed, dropped, runs };
    arrivals = withRepaired(arrivals, found);
  }
}

/** Arrivals and what a repair adds to them. */
export function withRepaired(arrivals: readonly Arrival[], found: readonly ImagePath[]): readonly Arrival[] {
  const added = found.map((path): Arrival => ({ path, source: path, reasons: [{ kind: 'repaired' }] }));
  return [...arrivals, ...added];
}

/** A traced run on the files of a layout. */
export type LookUpRun = {
  readonly layout: Layout;
  readonly tracer: Tracer | undefined;
  readonly looks: boolean;
};

/**
 * Runs every case traced on a layout; finds what a case looks for there without success and the full root file system
 * has.
 */
export async function lookUps(
  tools: RunTools,
  subject: RepairSubject,
  { layout, ...how }: LookUpRun,
): Promise<{ seen: Observation[]; found: ImagePath[] }> {
  const { rootfs, cases, indifferent } = subject;
  const on = await candidate(tools.engine, subject, layout);
  const there = new Set(layout.entries.map(({ path }) => path));
  const observations: Observation[] = [];
  const missed = new Set<ImagePath>();
  for (const current of cases) {
    const { seen, traces } = await tracedRun(tools, current, { subject: on, ...how });
    observations.push(seen);
    const { tree } = compose(current.composition, layoutView(rootfs, layout));
    const looked = traces.flatMap((trace) => needsOfTrace(tree, trace).failed.map(({ path }) => path));
    for (const path of [...looked, ...librariesNamed(seen, rootfs)]) missed.add(path);
  }
  const found = [...missed].filter(
    (path) => !there.has(path) && !indifferent.has(path) && resolvePath(rootfs, path).entry !== undefined,
  );
  return { seen: observations, found };
}

/** Where the libraries lie that a dynamic linker has asked for by their names alone. */
function librariesNamed({ lastOutput }: Observation, rootfs: OracleSubject['rootfs']): ImagePath[] {
  const names = new Set([...lastOutput.matchAll(MISSING_LIBRARY)].map(([, name]) => name));
  if (names.size === 0) return [];
  return [...walk(rootfs)].flatMap(([path]) => (names.has(baseName(path)) ? [path] : []));
}
