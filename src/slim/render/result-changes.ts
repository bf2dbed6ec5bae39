import type { Size } from '../../image/rootfs.ts';
import type { ReadmeFacts } from '../../render/fill-readme.ts';
import type { SourceFile } from '../../shared/diagnostic.ts';
import type { Baseline } from '../baseline/case.ts';
import type { FileChange } from '../file-change.ts';
import type { AnalysedUnit } from '../plan/plan-unit.ts';
import type { WarningListener } from '../reporter.ts';
import { commandChanges } from './command-change.ts';
import { readmeChanges } from './readme-change.ts';
import type { ResultFiles } from './render-result.ts';

export type ChangesRequest = {
  readonly analysed: AnalysedUnit;
  readonly files: ResultFiles;
  readonly after: Size;
  readonly memory: ReadmeFacts['memory'];
  readonly readme: SourceFile | null;
  readonly before: Size | null;
};

/** All files that a result changes: Kraftfiles, the root list, ignore files, the Dockerfile and the README. */
export function changesOf(
  reporter: WarningListener,
  { analysed, files, readme, ...sizes }: ChangesRequest,
): FileChange[] {
  const { request, opened, compared } = analysed;
  const { unit } = request.task;
  return [
    // a runtime has a command, which stays the entry's
    ...(opened.others.runtime === null ? commandChanges(unit, opened.image) : []),
    ...files.listed,
    { name: unit.dockerfile, before: request.text, after: files.text },
    ...readmeChanges(reporter, readme, { ...sizes, output: firstAnswer(compared) }),
  ];
}

/**
 * What the first question is answered: the text that the author expects of it, else what came on the full root file
 * system, which two runs had alike; null where that is no text.
 */
function firstAnswer({ baseline: [first] }: Baseline): string | null {
  const answered = first?.answers[0];
  return answered?.probe.expect ?? answered?.answer.text ?? null;
}
