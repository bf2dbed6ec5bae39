import {
  type CopyInstruction,
  type Dockerfile,
  finalStage,
  isCopy,
  type Stage,
} from '../dockerfile/model.ts';
import { parseDockerfile } from '../dockerfile/parse-dockerfile.ts';
import type { Pruning } from '../plan/copied-directories.ts';
import { CACHES, type Removed } from '../plan/pruned-directories.ts';
import { groupBy } from '../shared/group-by.ts';
import { baseName, comparePaths, type ImagePath, isWithin } from '../shared/image-path.ts';
import { loadTemplate } from './template.ts';

/** A stage that removes what nothing needs from what a FROM names. */
export type PrunedStage = {
  readonly from: string;
  readonly name: string;
  /** Directories of which all below are removed that have a name. */
  readonly searches: readonly { readonly below: string; readonly name: string }[];
  readonly paths: readonly string[];
};

type PrunedView = { readonly pruned: readonly PrunedStage[]; readonly continued: string };

/**
 * The stages that prune, for each name that lines copy from, and the name that each pruned line copies from instead.
 */
export function pruneStages(
  dockerfile: Dockerfile,
  prunings: readonly Pruning[],
): { readonly text: string; readonly nameOf: (instruction: CopyInstruction) => string | null } {
  const taken = new Set(dockerfile.stages.map(({ name }) => name));
  const names = new Map<CopyInstruction, string>();
  const pruned = [...groupBy(prunings, ({ instruction }) => fromName(dockerfile, instruction))].map(
    ([from, members]): PrunedStage => {
      const name = freeName(taken);
      taken.add(name);
      for (const { instruction } of members) names.set(instruction, name);
      return { from, name, searches: [], paths: [...new Set(members.flatMap(({ origins }) => origins))] };
    },
  );
  return {
    text: write({ pruned, continued: dockerfile.escapeToken }),
    nameOf: (instruction) => names.get(instruction) ?? null,
  };
}

/** The stage that prunes whole directories for a new stage below it; null where no path is removed. */
export function pruneStage(
  dockerfile: Dockerfile,
  { from, removed }: { readonly from: string; readonly removed: Removed },
): PrunedStage | null {
  if (removed.paths.length === 0) return null;
  const isFound = (path: ImagePath) =>
    baseName(path) === CACHES && removed.searched.some((top) => isWithin(path, top));
  return {
    from,
    name: freeName(new Set([...dockerfile.stages.map((stage) => stage.name), from])),
    searches: removed.searched.map((below) => ({ below, name: CACHES })),
    paths: removed.paths.filter((path) => !isFound(path)).sort(comparePaths),
  };
}

function write(view: PrunedView): string {
  return loadTemplate<PrunedView>('pruned.hbs')(view);
}

/** Whether a FROM can name what an instruction copies from. */
export function isNamed({ stages }: Dockerfile, { from }: CopyInstruction): boolean {
  return (
    from?.kind === 'image' || (from?.kind === 'stage' && (stages[from.stageIndex]?.name ?? null) !== null)
  );
}

function fromName({ stages }: Dockerfile, { from }: CopyInstruction): string {
  const name = from?.kind === 'stage' ? stages[from.stageIndex]?.name : from?.raw;
  if (name == null) throw new RangeError('a line that is pruned copies from no name');
  return name;
}

function freeName(taken: ReadonlySet<string | null>): string {
  for (let count = 1; ; count += 1) {
    const name = `pruned${count === 1 ? '' : count}`;
    if (!taken.has(name)) return name;
  }
}

/** A line as its author wrote it, but for the name that it copies from. */
export function copyingFrom(
  { text }: Pick<Dockerfile, 'text'>,
  { raw, range, flags }: CopyInstruction,
  name: string,
): string {
  const flag = flags.find((written) => written.name === 'from');
  if (flag === undefined) throw new RangeError('a line that is pruned has no --from');
  const start = flag.range.start - range.start;
  const end = flag.range.end - range.start;
  const written = text.slice(flag.range.start, flag.range.end);
  return `${raw.slice(0, start)}${written.replace(/=.*$/s, `=${name}`)}${raw.slice(end)}`;
}

/**
 * A Dockerfile that was rewritten in place without the stages that prune, and with lines that copy from what those
 * stages stand on: as it was before. A Dockerfile of another form is given back as it is.
 */
export function unfoldPruned(dockerfile: Dockerfile): Dockerfile {
  const stages = dockerfile.stages.filter((stage) => isOurs(dockerfile, stage));
  if (stages.length === 0) return dockerfile;
  const { text, file, settings } = dockerfile;
  const fromOf = new Map(stages.map(({ index, from }) => [index, from.raw]));
  const lines = finalStage(dockerfile).instructions.flatMap((copy) => {
    const from = isCopy(copy) && copy.from?.kind === 'stage' ? fromOf.get(copy.from.stageIndex) : undefined;
    return from === undefined || !isCopy(copy)
      ? []
      : [{ ...copy.range, text: copyingFrom(dockerfile, copy, from) }];
  });
  const gone = stages.map(({ index, range }) => {
    const next = dockerfile.stages[index + 1];
    return { start: range.start, end: next?.range.start ?? range.end, text: '' };
  });
  const edited = [...lines, ...gone]
    .sort((a, b) => b.start - a.start)
    .reduce((rest, { start, end, text: by }) => rest.slice(0, start) + by + rest.slice(end), text);
  return parseDockerfile(edited, { file, ...settings });
}

function isOurs(
  { text, escapeToken, stages }: Dockerfile,
  { range, from, name, instructions, index }: Stage,
): boolean {
  const [run] = instructions;
  if (name === null || !/^pruned\d*$/.test(name) || instructions.length !== 1 || run?.keyword !== 'RUN')
    return false;
  if (index === stages.length - 1) return false;
  const paths = run.raw.replaceAll('\r\n', '\n').split('\n').slice(1);
  const view = {
    from: from.raw,
    name,
    searches: [],
    paths: paths.map((line) => line.replace(/[\\`]$/, '').trim()),
  };
  const found = text.slice(range.start, range.end).replaceAll('\r\n', '\n').trimEnd();
  return found === write({ pruned: [view], continued: escapeToken }).trimEnd();
}
