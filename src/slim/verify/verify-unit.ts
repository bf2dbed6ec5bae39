import { copiedPaths } from '../../dockerfile/copied-paths.ts';
import { expandStage } from '../../dockerfile/expand-stage.ts';
import type { Size } from '../../image/rootfs.ts';
import { UserError } from '../../shared/failure.ts';
import type { ImagePath } from '../../shared/image-path.ts';
import type { Case } from '../baseline/case.ts';
import type { Donors } from '../baseline/donors.ts';
import { subjectOf } from '../baseline/subject.ts';
import {
  type Comparison,
  compareBuilt,
  type Expected,
  type Rebuilt,
  verifyFailure,
} from '../finish/compare-built.ts';
import type { Reporter } from '../reporter.ts';
import type { Task } from '../task.ts';
import type { Tools } from '../tools.ts';
import { type OpenedWritten, openWritten } from './open-written.ts';
import { namedBy, settledExpectation, type WrittenBaseline, writtenBaseline } from './written-baseline.ts';

export type VerifiedUnit = Omit<Rebuilt, 'kind'> & {
  readonly cases: readonly Case[];
  /** The size of the full root file system; null for an entry that the tool never slimmed. */
  readonly before: Size | null;
  /** Whether there was a baseline and a layout to equal, and not the workload's expectations alone. */
  readonly verified: boolean;
  /** What the author has put in from the build context since, or asked for by `keep`, and the result lacks. */
  readonly missing: readonly ImagePath[];
  /** What the result has, and `drop` names by now. */
  readonly unwanted: readonly ImagePath[];
};

/**
 * Rebuilds what is on disk and runs its workload. Where the tool wrote the final stage, the stage that it copies from
 * is the baseline, and the files have to be those of its COPY lines and its root list, unless a person has edited
 * these. An entry that the tool never slimmed has none: its workload's expectations alone count.
 * @throws UserError `verify-failed`, or what stands in the way of a baseline.
 */
export async function verifyUnit(
  tools: Tools,
  reporter: Reporter,
  of: { readonly task: Task; readonly text: string },
): Promise<VerifiedUnit> {
  reporter.step('build', 'building what is on disk');
  await using opened = await openWritten(tools, reporter, of);
  const { built, donors, isIntact } = opened;
  const baseline = await writtenBaseline(tools, reporter, opened);
  reporter.step('verify', 'running the result');
  const rebuilt = await compareTwice(tools, reporter, { opened, baseline });
  if (rebuilt.kind !== 'alike') throw verifyFailure(rebuilt);
  const { after, memory, verdicts, secondLook } = rebuilt;
  const { cases, before, missing, unwanted } = baseline;
  const found = { after, memory, verdicts, secondLook, cases, before, missing };
  if (!isIntact || donors === null)
    return { ...found, unwanted, verified: isIntact && baseline.layout !== null };
  await requireProvenance(opened, donors);
  const paths = [...(await built.rootfs()).entries()].map(([path]) => path);
  return { ...found, verified: true, unwanted: namedBy(of.task.config.drop, paths) };
}

/** Compares a result with its baseline; where they differ, again with a baseline that another run has settled. */
async function compareTwice(
  tools: Tools,
  reporter: Reporter,
  { opened, baseline }: { readonly opened: OpenedWritten; readonly baseline: WrittenBaseline },
): Promise<Comparison> {
  const { built, full, donors, others, isIntact } = opened;
  const clients = full?.built.config.id ?? donors?.all[0]?.config.id;
  const expected: Expected = {
    built: subjectOf(built, clients),
    layout: isIntact ? baseline.layout : null,
    cases: baseline.cases,
    runtime: others.runtime,
    baseline: baseline.observations,
  };
  const compare = (otherwise: Partial<Expected>) =>
    reporter.time('verify', () => compareBuilt(tools, reporter, { ...expected, ...otherwise }));
  const first = await compare({});
  if (first.kind === 'alike') return first;
  const settled = await settledExpectation(tools, reporter, { opened, baseline, expected });
  return settled === null ? first : await compare(settled);
}

/**
 * The files that a stage rewritten in place was made from are gone. What can be checked: its lines explain each of
 * its files, and the workload's expectations hold.
 * @throws UserError `verify-failed`.
 */
async function requireProvenance({ dockerfile, final, built }: OpenedWritten, donors: Donors): Promise<void> {
  const rootfs = await built.rootfs();
  const { instructions } = expandStage(dockerfile, final);
  const copied = copiedPaths({ instructions, treeOf: await donors.trees(), built: rootfs });
  for (const [path, { type }] of rootfs.entries()) {
    if (type === 'directory' || copied.has(path)) continue;
    throw new UserError('verify-failed', `no line of the final stage copies ${path} of the rebuilt image`);
  }
}
