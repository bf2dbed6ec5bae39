import type { CopyFrom, Dockerfile, Stage } from '../dockerfile/model.ts';
import { readFrom, stagesUsedBy } from '../dockerfile/stages-used.ts';

/**
 * The text of a Dockerfile without the stages that its final stage used and a rewritten one does not: each with the
 * comments right above its FROM. Where anything is copied by a stage's number none is taken out, since that would
 * give the others new numbers.
 */
export function withoutUnusedStages(
  { text }: Pick<Dockerfile, 'text'>,
  { before, after }: { readonly before: Dockerfile; readonly after: Dockerfile },
): string {
  if (namesByNumber(after)) return text;
  const used = new Set(stagesUsedBy(after));
  const needed = new Set(
    after.stages
      .filter(({ index }) => used.has(index) || !stagesUsedBy(before).includes(index))
      .flatMap((stage) => [stage.index, ...stagesUsedBy(after, stage)]),
  );
  const unused = before.stages.filter(({ index }) => !needed.has(index));
  return unused.reduceRight((rest, stage) => {
    const next = before.stages[stage.index + 1];
    const end = next === undefined ? stage.range.end : beginOf(before, next);
    return rest.slice(0, beginOf(before, stage)) + rest.slice(end);
  }, text);
}

/** Where a stage begins: with the comments right above its FROM, parser directives left out. */
function beginOf({ text, directives }: Dockerfile, { range }: Stage): number {
  const floor = Math.max(0, ...directives.map((directive) => directive.range.end));
  let begin = range.start;
  for (;;) {
    const above = text.lastIndexOf('\n', begin - 2) + 1;
    if (begin === 0 || above < floor || !/^[ \t]*#/.test(text.slice(above, begin))) return begin;
    begin = above;
  }
}

function namesByNumber({ stages }: Dockerfile): boolean {
  const isNumber = (from: CopyFrom | null) => from?.kind === 'stage' && /^\d+$/.test(from.raw);
  return stages.some(({ instructions }) => instructions.flatMap(readFrom).some(isNumber));
}
