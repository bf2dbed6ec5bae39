import { append } from '../shared/append.ts';
import { type CopyFrom, type Dockerfile, finalStage, type Instruction, isCopy, type Stage } from './model.ts';

/**
 * The stage that a build's target names: by name, else by number, as `docker build --target` does;
 * the final one where none is given, undefined where there is no such stage.
 */
export function targetStage(dockerfile: Dockerfile, target?: string): Stage | undefined {
  if (target === undefined) return finalStage(dockerfile);
  const named = dockerfile.stages.findLast((stage) => stage.name === target.toLowerCase());
  return named ?? (/^\d+$/.test(target) ? dockerfile.stages[Number(target)] : undefined);
}

/** What an instruction takes files from, other than the build context: `COPY --from`, `RUN --mount=from=`. */
export function readFrom(instruction: Instruction): CopyFrom[] {
  const sources = isCopy(instruction)
    ? [instruction.from]
    : instruction.keyword === 'RUN'
      ? instruction.mounts.map((mount) => mount.from)
      : [];
  return sources.filter((from) => from !== null);
}

/** Numbers of the stages that an instruction takes files from. */
function stagesReadBy(instruction: Instruction): number[] {
  return readFrom(instruction).flatMap((from) => (from.kind === 'stage' ? [from.stageIndex] : []));
}

/** Numbers of the stages that a stage takes from without another between: its FROM, COPY --from and mounts. */
export function directStages({ from, instructions }: Stage): number[] {
  return [...(from.kind === 'stage' ? [from.stageIndex] : []), ...instructions.flatMap(stagesReadBy)];
}

/**
 * Numbers of the stages that a stage is made of, itself included, ascending: its FROM, COPY --from and mounts, and
 * theirs.
 */
export function stagesUsedBy(dockerfile: Dockerfile, stage: Stage = finalStage(dockerfile)): number[] {
  const used = new Set<number>();
  const todo = [stage.index];
  for (let index = todo.pop(); index !== undefined; index = todo.pop()) {
    const at = dockerfile.stages[index];
    if (at === undefined || used.has(index)) continue;
    used.add(index);
    append(todo, directStages(at));
  }
  return [...used].sort((a, b) => a - b);
}

/**
 * What `--target` calls a stage: its name, or its number where it has none. Null where two stages have one name, since
 * engines then take the last, and a COPY means the last above it.
 */
export function targetName({ stages }: Pick<Dockerfile, 'stages'>, index: number): string | null {
  const name = stages[index]?.name?.toLowerCase();
  if (name === undefined) return String(index);
  return stages.filter((stage) => stage.name?.toLowerCase() === name).length === 1 ? name : null;
}
