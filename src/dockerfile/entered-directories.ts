import { type ImagePath, ROOT } from '../shared/image-path.ts';
import type { ExpandedStage } from './expand-stage.ts';
import type { Instruction } from './model.ts';

/** A directory that a WORKDIR line enters, and makes where it is not there. */
export type EnteredDirectory = { readonly path: ImagePath; readonly instruction: Instruction };

/**
 * The directories that a stage's own WORKDIR lines enter, in their order; the root, which is always there, left out.
 */
export function enteredDirectories({ instructions, workdir: last }: ExpandedStage): EnteredDirectory[] {
  return instructions.flatMap(({ instruction }, at) => {
    const path = instructions[at + 1]?.workdir ?? last;
    return instruction.keyword === 'WORKDIR' && path !== ROOT ? [{ path, instruction }] : [];
  });
}
