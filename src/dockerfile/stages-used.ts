import type { Dockerfile, Instruction, Stage } from './model.ts';
import { finalStage } from './model.ts';

/**
 * The stage that a build's target names: by name, else by number, as `docker build --target` does;
 * the final one where none is given, undefined where there is no such stage.
 */
export function targetStage(dockerfile: Dockerfile, target?: string): Stage | undefined {
  if (target === undefined) return finalStage(dockerfile);
  const named = dockerfile.stages.findLast((stage) => stage.name === target.toLowerCase());
  return named ?? (/^\d+$/.test(target) ? dockerfile.stages[Number(target)] : undefined);
}

/** Numbers of the stages that an instruction takes files from: `COPY --from`, `RUN --mount=from=`. */
export function stagesReadBy(instruction: Instruction): number[] {
  const sources =
    instruction.keyword === 'COPY' || instruction.keyword === 'ADD'
      ? [instruction.from]
      : instruction.keyword === 'RUN'
        ? instruction.mounts.map((mount) => mount.from)
        : [];
  return sources.flatMap((from) => (from?.kind === 'stage' ? [from.stageIndex] : []));
}

/** Numbers of the stages that a stage is made of, itself included, ascending: its FROM, COPY --from and mounts, and theirs. */
export function stagesUsedBy(dockerfile: Dockerfile, stage: Stage = finalStage(dockerfile)): number[] {
  const used = new Set<number>();
  const todo = [stage.index];
  for (let index = todo.pop(); index !== undefined; index = todo.pop()) {
    const at = dockerfile.stages[index];
    if (at === undefined || used.has(index)) continue;
    used.add(index);
    if (at.from.kind === 'stage') todo.push(at.from.stageIndex);
    todo.push(...at.instructions.flatMap(stagesReadBy));
  }
  return [...used].sort((a, b) => a - b);
}
