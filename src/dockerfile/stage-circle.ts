import type { Dockerfile, Instruction, Stage } from './model.ts';
import { readFrom } from './stages-used.ts';

/**
 * An instruction that copies from a stage which copies, directly or through other stages, from the instruction's
 * stage.
 */
export type StageCircle = { readonly instruction: Instruction; readonly from: string };

type Edge = { readonly to: number; readonly instruction: Instruction; readonly from: string };

/**
 * The first circle of stages; null where there is none. A FROM is no part of it, since it takes from above only.
 * BuildKit: dockerfile2llb/validations.go, validateCircularDependency.
 */
export function stageCircle({ stages }: Dockerfile): StageCircle | null {
  const edges = stages.map(edgesOf);
  const done = new Set<number>();
  for (const { index: first } of stages) {
    const path = [{ index: first, next: 0 }];
    const open = new Set(done.has(first) ? [] : [first]);
    while (open.size > 0) {
      const at = path.at(-1) as { index: number; next: number };
      const edge = edges[at.index]?.[at.next];
      at.next += 1;
      if (edge === undefined) {
        path.pop();
        open.delete(at.index);
        done.add(at.index);
      } else if (open.has(edge.to)) return edge;
      else if (!done.has(edge.to)) {
        path.push({ index: edge.to, next: 0 });
        open.add(edge.to);
      }
    }
  }
  return null;
}

function edgesOf({ index, name, instructions }: Stage): Edge[] {
  return instructions.flatMap((instruction) =>
    readFrom(instruction).flatMap((source) => {
      if (source.kind === 'stage') return [{ to: source.stageIndex, instruction, from: source.raw }];
      // its own name is no name of another stage, and no image either
      const isOwn = source.raw.toLowerCase() === name;
      return isOwn ? [{ to: index, instruction, from: source.raw }] : [];
    }),
  );
}
