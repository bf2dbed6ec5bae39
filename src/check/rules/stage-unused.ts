import type { Dockerfile, Stage } from '../../dockerfile/model.ts';
import { directStages, stagesUsedBy, targetStage } from '../../dockerfile/stages-used.ts';
import { append } from '../../shared/append.ts';
import type { Edit } from '../finding.ts';
import { lineAt } from '../house-text.ts';
import type { Rule } from '../rule.ts';

export const stageUnused: Rule = {
  code: 'stage-unused',
  severity: 'warning',
  about:
    'A build stage from which no line copies, with any build argument, and which is not the target of another build.',
  of: 'dockerfile',
  *check({ source: { file }, dockerfile, target }) {
    const last = dockerfile === null ? undefined : targetStage(dockerfile, target ?? undefined);
    if (dockerfile === null || last === undefined) return;
    const used = stagesUsedBy(dockerfile, last);
    const wanted = wantedStages(dockerfile, used);
    const named = wordsOfComments(dockerfile.text);
    for (const stage of dockerfile.stages.filter(({ index }) => !wanted.has(index))) {
      const message = `nothing is taken from the stage ${stage.name ?? stage.index}, FROM ${stage.from.raw}`;
      const isNamed = stage.name !== null && named.has(stage.name);
      const edits = isNamed || isLastUnused(stage, used) ? [] : removal(file, dockerfile, stage, used);
      yield { file, range: stage.fromInstruction.range, message, edits };
    }
  },
};

/**
 * The stages that some build may want: those of the build at hand; those that a variable may pick, and all that they
 * are made of; and those made of such stages, as a stage of tests is.
 */
function wantedStages({ stages }: Dockerfile, used: readonly number[]): ReadonlySet<number> {
  const parts = stages.map(directStages);
  const users = stages.map((): number[] => []);
  for (const [index, below] of parts.entries()) for (const part of below) users[part]?.push(index);
  const picked = pickedStages(stages);
  return closure(closure(closure([...used, ...picked], parts), users), parts);
}

function closure(seeds: Iterable<number>, edges: readonly (readonly number[])[]): Set<number> {
  const todo = [...seeds];
  const reached = new Set<number>();
  for (let index = todo.pop(); index !== undefined; index = todo.pop()) {
    if (reached.has(index)) continue;
    reached.add(index);
    append(todo, edges[index] ?? []);
  }
  return reached;
}

/** The stages above a FROM with a variable whose names its text can become. */
function pickedStages(stages: readonly Stage[]): number[] {
  const last = new Map(
    stages.filter(({ from }) => from.raw.includes('$')).map((item) => [item.from.raw, item.index]),
  );
  const patterns = [...last].map(([raw, index]) => ({ index, mayBe: namesOf(raw) }));
  return stages.flatMap(({ name, index }) =>
    name !== null && patterns.some((pattern) => index < pattern.index && pattern.mayBe(name)) ? [index] : [],
  );
}

/** Whether a name is among those that the text of a FROM can become: a variable stands for any text. */
function namesOf(raw: string): (name: string) => boolean {
  const [head = '', ...rest] = raw.toLowerCase().split(/\$(?:\{[^}]*\}?|\w+)/);
  const tail = rest.pop() ?? '';
  return (name) => {
    if (!name.startsWith(head) || !name.endsWith(tail) || name.length < head.length + tail.length)
      return false;
    let at = head.length;
    for (const part of rest) {
      const found = name.indexOf(part, at);
      if (found < 0 || found + part.length > name.length - tail.length) return false;
      at = found + part.length;
    }
    return true;
  };
}

/** Behind the stage that is built: another build may aim at it. */
function isLastUnused({ index }: Stage, used: readonly number[]): boolean {
  return index > Math.max(...used);
}

/** From the comments right above its FROM to what stands above the next; none where numbers name stages. */
function removal(file: string, { text, stages }: Dockerfile, stage: Stage, used: readonly number[]): Edit[] {
  const next = stages[stage.index + 1];
  const byNumber = stages.some(
    ({ index, instructions }) =>
      used.includes(index) && instructions.some((item) => /from=['"]?\d/.test(item.raw)),
  );
  if (next === undefined || byNumber) return [];
  const range = { start: headOf(text, stage), end: headOf(text, next) };
  return [{ file, range, replacement: '' }];
}

/** The words of comments about stages: such a comment may hold the line that takes from one, for those who want it. */
function wordsOfComments(text: string): ReadonlySet<string> {
  const comments = text.match(/^[ \t]*#[^\n]*/gm) ?? [];
  const about = comments.filter((comment) => /from|target|stage/i.test(comment));
  return new Set(about.flatMap((comment) => comment.toLowerCase().match(/[\w.-]+/g) ?? []));
}

/** The start of the comments that stand right above a FROM, or of the line of the FROM; directives at the top stay. */
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
