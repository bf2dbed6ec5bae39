import type { CopiedPath, SourceCopy } from '../dockerfile/copied-paths.ts';
import { enteredDirectories } from '../dockerfile/entered-directories.ts';
import { expandStage } from '../dockerfile/expand-stage.ts';
import { type Dockerfile, flagOf, type Instruction, type Stage } from '../dockerfile/model.ts';
import type { LayoutEntry } from '../plan/layout.ts';
import type { Origin } from '../plan/origins.ts';
import { ancestorsOf, type ImagePath } from '../shared/image-path.ts';

type Kept = {
  readonly dockerfile: Dockerfile;
  readonly stage: Stage;
  readonly entries: readonly LayoutEntry[];
  readonly origins: ReadonlyMap<ImagePath, Origin>;
  readonly copied: ReadonlyMap<ImagePath, CopiedPath>;
  /** Whether a source stays as it is written: of the others a directory alone is not copied any more. */
  readonly isWhole: (source: SourceCopy) => boolean;
};

/**
 * Whether a directory of a stage's result would be made on the way by a COPY with --chown: BuildKit (measured on Engine
 * 20.10) gives it the owner of the files, and a layout knows directories of root alone.
 */
export function makesForeignDirectories({
  dockerfile,
  stage,
  entries,
  origins,
  copied,
  isWhole,
}: Kept): boolean {
  const makers = new Map<Instruction, ImagePath[]>();
  const make = (instruction: Instruction | undefined, paths: readonly ImagePath[]) => {
    if (instruction !== undefined) makers.set(instruction, [...(makers.get(instruction) ?? []), ...paths]);
  };
  for (const { path, type } of entries) {
    const found = copied.get(path);
    if (type === 'file') make(origins.get(path)?.instruction, ancestorsOf(path));
    else if (found !== undefined && isWhole(found)) make(found.instruction, [path, ...ancestorsOf(path)]);
  }
  for (const { path, instruction } of enteredDirectories(expandStage(dockerfile, stage)))
    make(instruction, [path, ...ancestorsOf(path)]);
  const there = new Set<ImagePath>();
  for (const instruction of stage.instructions) {
    const made = (makers.get(instruction) ?? []).filter((path) => !there.has(path));
    if (made.length > 0 && isForeign(flagOf(instruction, 'chown'))) return true;
    for (const path of made) there.add(path);
  }
  return false;
}

function isForeign(owner: string | undefined): boolean {
  return owner !== undefined && !/^(?:0|root)(?::(?:0|root))?$/.test(owner);
}
