import { copyReads } from '../../dockerfile/copy-arrivals.ts';
import { expandStage } from '../../dockerfile/expand-stage.ts';
import { type CopyInstruction, type Dockerfile, isCopy, type Stage } from '../../dockerfile/model.ts';
import { parseDockerfile } from '../../dockerfile/parse-dockerfile.ts';
import { nameStage } from '../../render/name-stage.ts';
import type { FileTree } from '../../shared/file-tree.ts';
import type { Donor } from './donors.ts';

/** A source of a COPY that is not there any more where it is copied from. */
export type DeadSource = { readonly instruction: CopyInstruction; readonly source: number };

/** The sources of a stage's COPY lines that its donors do not have: upstream has drifted. */
export function deadSources(
  dockerfile: Dockerfile,
  stage: Stage,
  treeOf: (instruction: CopyInstruction) => FileTree | undefined,
): DeadSource[] {
  return expandStage(dockerfile, stage).instructions.flatMap(({ instruction, copy }) => {
    if (copy === null || !isCopy(instruction) || instruction.from === null) return [];
    const tree = treeOf(instruction);
    if (tree === undefined) return [];
    const dead = copy.sources.flatMap((word, source) => (copyReads(word, tree) ? [] : [source]));
    return dead.map((source) => ({ instruction, source }));
  });
}

/** A stage with the Dockerfile that it is a stage of. */
export type StageOf = { readonly dockerfile: Dockerfile; readonly stage: Stage };

/** The stage of the baseline of a stage that has drifted, see `driftedDockerfile`. */
export function driftedStage(
  { dockerfile, stage }: StageOf,
  drift: { readonly donor: Pick<Donor, 'from'>; readonly dead: readonly DeadSource[] },
): StageOf {
  const { file, settings } = dockerfile;
  const drifted = parseDockerfile(driftedDockerfile(dockerfile, stage, drift), { file, ...settings });
  return { dockerfile: drifted, stage: drifted.stages[stage.index] as Stage };
}

/** One replacement in a text. */
type Edit = { readonly start: number; readonly end: number; readonly text: string };

/**
 * The Dockerfile of the baseline of a stage that has drifted: the same lines over a donor instead of over nothing,
 * without the sources that are gone.
 */
export function driftedDockerfile(
  dockerfile: Dockerfile,
  stage: Stage,
  { donor, dead }: { readonly donor: Pick<Donor, 'from'>; readonly dead: readonly DeadSource[] },
): string {
  const { from } = donor;
  const parent = from.kind === 'stage' ? dockerfile.stages[from.stageIndex] : undefined;
  const named = parent === undefined ? { edits: [], name: from.raw } : nameOf(dockerfile, parent);
  const { end } = stage.fromInstruction.range;
  const edits: Edit[] = [
    ...named.edits,
    { ...stage.from.range, text: named.name },
    // where a donor works is not where a stage from scratch does
    { start: end, end, text: '\nWORKDIR /' },
  ];
  for (const instruction of new Set(dead.map((copied) => copied.instruction))) {
    const gone = new Set(
      dead.filter((copied) => copied.instruction === instruction).map(({ source }) => source),
    );
    edits.push({ ...instruction.range, text: aliveText(dockerfile, instruction, gone) });
  }
  edits.sort((a, b) => b.start - a.start);
  return edits.reduce(
    (text, { start, end, text: replacement }) => text.slice(0, start) + replacement + text.slice(end),
    dockerfile.text,
  );
}

function nameOf(dockerfile: Dockerfile, parent: Stage): { edits: Edit[]; name: string } {
  const { name } = nameStage(dockerfile, parent);
  const { end } = parent.from.range;
  return { name, edits: parent.name === null ? [{ start: end, end, text: ` AS ${name}` }] : [] };
}

/** A COPY without some of its sources; nothing where none is left. */
function aliveText(
  { text }: Dockerfile,
  { keyword, flags, sources, destination }: CopyInstruction,
  gone: ReadonlySet<number>,
): string {
  const alive = sources.filter((_, source) => !gone.has(source));
  if (alive.length === 0) return '';
  const words = [...flags, ...alive, destination].map(({ range }) => text.slice(range.start, range.end));
  return [keyword, ...words].join(' ');
}
