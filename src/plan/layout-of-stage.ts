import { type ExpandedCopy, expandStage } from '../dockerfile/expand-stage.ts';
import { type Dockerfile, type Instruction, isCopy, type Stage } from '../dockerfile/model.ts';
import { readRootList } from '../dockerfile/root-list.ts';
import type { Rootfs } from '../image/rootfs.ts';
import { append } from '../shared/append.ts';
import { resolvePath, walk } from '../shared/file-tree.ts';
import {
  ancestorsOf,
  baseName,
  childOf,
  type ImagePath,
  imagePath,
  isWithin,
  ROOT,
} from '../shared/image-path.ts';
import { type Arrival, assembleLayout, type Layout } from './layout.ts';

/** What a generated stage is read over. */
export type StageSources = {
  /** The root file system that it copies from. */
  readonly full: Rootfs;
  /** The text of the root list beside the Dockerfile; null where there is none. */
  readonly list: string | null;
};

/**
 * The layout that a generated stage describes, read back from its COPY and WORKDIR lines over the root file
 * system that they copy from. A generated stage copies files by their names or by its root list, and whole directories.
 */
export function layoutOfStage(dockerfile: Dockerfile, stage: Stage, { full, list }: StageSources): Layout {
  const { instructions, workdir: last } = expandStage(dockerfile, stage);
  const arrivals: Arrival[] = [];
  for (const [at, { instruction, copy }] of instructions.entries()) {
    const entered = instructions[at + 1]?.workdir ?? last;
    if (instruction.keyword === 'WORKDIR' && entered !== ROOT) {
      arrivals.push({ path: entered, source: ROOT, reasons: [] });
    }
    if (copy === null) continue;
    if (isStagedRoot(copy))
      append(
        arrivals,
        listedArrivals(full, {
          list: list ?? '',
          isExact: keepsDirectories(dockerfile),
          keepsLinks: keepsLinks(dockerfile),
        }),
      );
    else
      append(
        arrivals,
        copy.sources.flatMap((source) =>
          arrivalsOf(full, unescapeGlob(source), { copy, removes: removesOf(dockerfile, instruction) }),
        ),
      );
  }
  return assembleLayout(full, arrivals);
}

function listedArrivals(
  full: Rootfs,
  {
    list,
    isExact,
    keepsLinks,
  }: { readonly list: string; readonly isExact: boolean; readonly keepsLinks: boolean },
): Arrival[] {
  const arrivals = readRootList(list).map((path): Arrival => {
    const isLink = keepsLinks && full.lookup(path)?.type === 'symlink';
    return { path, source: path, reasons: [], ...(isLink ? { link: true } : {}) };
  });
  if (!isExact) return arrivals;
  return arrivals.map((arrival) =>
    resolvePath(full, arrival.source).entry?.type === 'directory' ? { ...arrival, exact: true } : arrival,
  );
}

/** Whether the stage that assembles a root lets tar restore directories, see `templates/staged-root.hbs`. */
function keepsDirectories(dockerfile: Dockerfile): boolean {
  return !stagingRuns(dockerfile).some(({ raw }) => raw.includes(' --no-overwrite-dir'));
}

/** Whether it lets tar keep links. */
function keepsLinks(dockerfile: Dockerfile): boolean {
  return !stagingRuns(dockerfile).some(({ raw }) => raw.includes(' --dereference '));
}

function stagingRuns({ stages }: Dockerfile): Instruction[] {
  return stages.at(-2)?.instructions.filter(({ keyword }) => keyword === 'RUN') ?? [];
}

/** No other COPY of a generated stage has the slash. */
function isStagedRoot({ sources }: ExpandedCopy): boolean {
  return sources.length === 1 && sources[0]?.endsWith('/') === true;
}

/** A file arrives alone, a directory with all that is below it, as it is. */
function arrivalsOf(
  full: Rootfs,
  source: ImagePath,
  { copy, removes }: { readonly copy: ExpandedCopy; readonly removes: (path: ImagePath) => boolean },
): Arrival[] {
  const { destination, intoDirectory } = copy;
  if (full.lookup(source)?.type !== 'directory') {
    const path = intoDirectory ? childOf(destination, baseName(source)) : destination;
    return [{ path, source, reasons: [] }];
  }
  const there = [...walk(full, source)].filter(([inner]) => !removes(inner));
  const below = there.map(([inner, { type }]): Arrival => {
    const path = imagePath(`${destination}/${inner.slice(source.length)}`);
    const arrival = { path, source: inner, reasons: [] };
    if (type === 'symlink') return { ...arrival, link: true };
    return type === 'directory' ? { ...arrival, exact: true } : arrival;
  });
  return [{ path: destination, source, reasons: [], whole: true }, ...below];
}

/** What the stage that a line copies from has removed, see `templates/pruned.hbs`. */
function removesOf({ stages }: Dockerfile, instruction: Instruction): (path: ImagePath) => boolean {
  const from = isCopy(instruction) && instruction.from?.kind === 'stage' ? instruction.from.stageIndex : null;
  const stage = from === null ? undefined : stages[from];
  const [run] = stage?.instructions ?? [];
  if (stage === undefined || !/^pruned\d*$/.test(stage.name ?? '') || run?.keyword !== 'RUN')
    return () => false;
  const text = run.raw.replace(/\\\r?\n\s*/g, ' ');
  const searches = [...text.matchAll(/\bfind (\S+) -name (\S+) /g)].map(([, below = '', name]) => ({
    below: imagePath(below),
    name,
  }));
  const paths = new Set((text.split(/\brm -rf (?=\s*\/)/)[1] ?? '').trim().split(/\s+/));
  return (path) =>
    [path, ...ancestorsOf(path)].some(
      (above) =>
        paths.has(above) ||
        searches.some(({ below, name }) => baseName(above) === name && isWithin(above, below)),
    );
}

/** The one path that an escaped source means, see `copyWords`. */
function unescapeGlob(source: string): ImagePath {
  return imagePath(source.replace(/\[(?:\\(\\)|([*?[]))\]/g, '$1$2'));
}
