import type { Dockerfile, Stage } from '../../dockerfile/model.ts';
import { stagesUsedBy, targetStage } from '../../dockerfile/stages-used.ts';
import type { Edit } from '../finding.ts';
import { lineAt } from '../house-text.ts';
import type { Rule } from '../rule.ts';

export const stageUnused: Rule = {
  code: 'stage-unused',
  severity: 'warning',
  about: 'A build stage that nothing is taken from.',
  of: 'dockerfile',
  *check({ source: { file }, dockerfile, target }) {
    const last = dockerfile === null ? undefined : targetStage(dockerfile, target ?? undefined);
    if (dockerfile === null || last === undefined) return;
    const used = stagesUsedBy(dockerfile, last);
    for (const stage of dockerfile.stages.filter(({ index }) => !used.includes(index))) {
      const message = `nothing is taken from the stage ${stage.name ?? stage.index}, FROM ${stage.from.raw}`;
      const edits = isLastUnused(stage, used) ? [] : removal(file, dockerfile, stage, used);
      yield { file, range: stage.fromInstruction.range, message, edits };
    }
  },
};

/** Behind the stage that is built: another build may aim at it. */
function isLastUnused({ index }: Stage, used: readonly number[]): boolean {
  return index > Math.max(...used);
}

/** From the comments right above its FROM to what stands above the next; none where stages go by their numbers. */
function removal(file: string, { text, stages }: Dockerfile, stage: Stage, used: readonly number[]): Edit[] {
  const next = stages[stage.index + 1];
  const byNumber = stages.some(
    ({ index, instructions }) =>
      used.includes(index) && instructions.some((one) => /from=['"]?\d/.test(one.raw)),
  );
  if (next === undefined || byNumber) return [];
  const range = { start: headOf(text, stage), end: headOf(text, next) };
  return [{ file, range, replacement: '' }];
}

/** The start of the comments that stand right above a FROM, or of its own line; directives at the top stay. */
function headOf(text: string, { fromInstruction }: Stage): number {
  let { start } = lineAt(text, fromInstruction.range.start);
  while (start > 0) {
    const above = lineAt(text, start - 1);
    const line = text.slice(above.start, above.end);
    if (!/^\s*#/.test(line) || /^\s*#\s*(?:syntax|escape|check|kraft-slim)\s*[=:]/i.test(line)) break;
    start = above.start;
  }
  return start;
}
