import { readMarker } from '../../dockerfile/marker.ts';
import { targetName } from '../../dockerfile/stages-used.ts';
import type { Arrival } from '../../plan/layout.ts';
import { subjectOf } from '../baseline/subject.ts';
import { widenedBaseline } from '../baseline/widened-baseline.ts';
import { buildEach, buildUnit } from '../built-image.ts';
import type { AnalysedUnit } from '../plan/plan-unit.ts';
import type { ResultLayout } from '../plan/result-layout.ts';
import type { ResultFiles } from '../render/render-result.ts';
import type { Reporter } from '../reporter.ts';
import type { Tools } from '../tools.ts';
import { type Comparison, compareBuilt, type Rebuilt } from './compare-built.ts';

export type RebuildRequest = Pick<AnalysedUnit, 'request' | 'opened' | 'compared'> & {
  readonly laidOut: ResultLayout;
  readonly files: ResultFiles;
};

/** One set of files, laid out, rendered and rebuilt. */
export type Attempt = {
  readonly arrivals: readonly Arrival[];
  readonly laidOut: ResultLayout;
  readonly files: ResultFiles;
  readonly comparison: Comparison;
};

/** An attempt that has the planned files and behaves like the baseline. */
export type Success = Attempt & { readonly comparison: Rebuilt };

export function isSuccess(attempt: Attempt): attempt is Success {
  return attempt.comparison.kind === 'alike';
}

/** Rebuilds what was rendered, and compares it with its layout and with the baseline. */
export async function rebuildResult(
  tools: Tools,
  reporter: Reporter,
  { request, opened, compared, laidOut, files }: RebuildRequest,
): Promise<Comparison> {
  const { task } = request;
  const build = async (target?: string) =>
    await buildUnit(tools, reporter, { task, text: files.text, changes: files.listed, target });
  reporter.step('verify', 'rebuilding, and running the result');
  return await reporter.time('verify', async () => {
    await using built = await build();
    const stages = () => buildEach(copiedStages({ request, opened, files }).map((name) => () => build(name)));
    return await compareBuilt(tools, reporter, {
      ...compared,
      built: subjectOf(built, opened.subject.clients),
      layout: laidOut.layout,
      runtime: opened.others.runtime,
      stages,
      widen: (baseline, seen) =>
        widenedBaseline(tools, reporter, { ...compared, baseline }, { seen, subject: opened.subject }),
    });
  });
}

/** The stages that the result is copied from: the stage below a new stage, else those of the donors. */
function copiedStages({
  request,
  opened,
  files,
}: Pick<RebuildRequest, 'request' | 'opened' | 'files'>): string[] {
  const full = readMarker(files.text, files.list)?.fields?.before ?? null;
  if (full !== null) return [full];
  return (opened.donors?.all ?? []).flatMap(({ from }) => {
    const target = from.kind === 'stage' ? targetName(request.dockerfile, from.stageIndex) : null;
    return target === null ? [] : [target];
  });
}
