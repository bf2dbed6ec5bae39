import type { CopiedPath, SourceCopy } from '../dockerfile/copied-paths.ts';
import type { CopyInstruction } from '../dockerfile/model.ts';
import type { Rootfs } from '../image/rootfs.ts';
import { resolvePath } from '../shared/file-tree.ts';
import { groupBy } from '../shared/group-by.ts';
import { ancestorsOf, comparePaths, type ImagePath, isWithin, parentOf, ROOT } from '../shared/image-path.ts';
import type { Arrival } from './layout.ts';

/** What a stage leaves out of a directory, so that the author's line can copy the rest of it as it is written. */
export type Pruning = {
  readonly instruction: CopyInstruction;
  /** Where it would arrive. */
  readonly paths: readonly ImagePath[];
  /** The same paths in the tree that the instruction reads. */
  readonly origins: readonly ImagePath[];
};

export type CopiedDirectoriesOptions = {
  /** The provenance of the stage's paths. */
  readonly copied: ReadonlyMap<ImagePath, CopiedPath>;
  /** Whether the user wants a path to be gone. */
  readonly isDropped: (path: ImagePath) => boolean;
  /** Whether something else lies at a path below the unit's files, so that no link may take its place. */
  readonly isTaken: (path: ImagePath) => boolean;
  /**
   * Whether a directory that a line copies arrives as COPY makes directories, whatever it is in the root file system:
   * the baseline of a stage that has drifted lies over a donor, whose directories keep their modes.
   */
  readonly isUsual: (copy: SourceCopy) => boolean;
  /** Whether a stage over what an instruction copies from can remove files. */
  readonly canPrune: (instruction: CopyInstruction) => boolean;
};

/** More paths than these in a RUN read no better than the names of what is kept. */
const MAX_PRUNED = 20;

/** A stage that prunes has these lines besides the paths. */
const STAGE_LINES = 5;

/** Names that a RUN and a COPY hold as they are. */
const PLAIN = /^\/[\w./@%+=:,~-]+$/;

type Kept = {
  readonly rootfs: Rootfs;
  /** Files that arrive at their places in the root file system. */
  readonly files: ReadonlySet<ImagePath>;
  /** Directories that arrive, or are on the way to what does. */
  readonly directories: ReadonlySet<ImagePath>;
  /** Links that names of arrivals lead through. */
  readonly links: ReadonlySet<ImagePath>;
  /** Where something else arrives than the root file system has. */
  readonly altered: ReadonlySet<ImagePath>;
};

/**
 * The arrivals of a stage made by hand, with the directories of its lines as their author copies them wherever that
 * costs no file: links stay links, empty directories stay. Where a few paths of a directory have to go, and fewer
 * than there are names to keep, a stage can **prune** them. So the author's line stays one line.
 */
export function withCopiedDirectories(
  rootfs: Rootfs,
  arrivals: readonly Arrival[],
  options: CopiedDirectoriesOptions,
): { readonly arrivals: readonly Arrival[]; readonly prunings: readonly Pruning[] } {
  const kept = keptOf(rootfs, arrivals);
  const all = [...options.copied.values()].flatMap((copy) => [copy, ...copy.beneath]);
  const prunings: Pruning[] = [];
  const copies: SourceCopy[] = [];
  for (const paths of groupBy(
    all,
    ({ instruction, source }) => `${instruction.range.start} ${source}`,
  ).values()) {
    const found = directoryOf(paths, kept, options);
    if (found === null) continue;
    for (const path of found.kept) copies.push(path);
    if (found.pruning !== null) prunings.push(found.pruning);
  }
  return {
    arrivals: copies.length === 0 ? arrivals : joined(rootfs, arrivals, { copies, isUsual: options.isUsual }),
    prunings,
  };
}

function keptOf(rootfs: Rootfs, arrivals: readonly Arrival[]): Kept {
  const files = new Set<ImagePath>();
  const directories = new Set<ImagePath>();
  const links = new Set<ImagePath>();
  const altered = new Set<ImagePath>();
  for (const arrival of arrivals) {
    const { path, links: through, entry } = resolvePath(rootfs, arrival.path);
    if (arrival.source !== arrival.path) altered.add(path);
    for (const link of through) links.add(link);
    for (const above of ancestorsOf(path)) directories.add(above);
    if (entry?.type === 'directory') directories.add(path);
    else if (through.length === 0) files.add(path);
    // where all links lie beside the file, the name is what the links say
    else if (through.every((link) => isWithin(path, parentOf(link)))) files.add(path);
  }
  return { rootfs, files, directories, links, altered };
}

type LinkOptions = CopiedDirectoriesOptions & {
  /** The directory that the line copies. */
  readonly top: ImagePath;
};

type Found = { readonly kept: readonly SourceCopy[]; readonly pruning: Pruning | null };

/** What of the directory that a line copies stays; null where it copies something else, or names read better. */
function directoryOf(
  all: readonly SourceCopy[],
  kept: Kept,
  options: CopiedDirectoriesOptions,
): Found | null {
  const [first] = all;
  if (first === undefined) return null;
  const { instruction } = first;
  const top = all.reduce((least, copy) => (copy.path.length < least.path.length ? copy : least), first);
  const isSingleSource = instruction.sources.length === 1 && instruction.heredocs.length === 0;
  if (instruction.from === null || !isSingleSource || top.type !== 'directory' || top.path === ROOT)
    return null;
  if (all.some(({ path, place }) => path !== place || !isWithin(path, top.path))) return null;
  if (all.some(({ path }) => kept.altered.has(path))) return null;
  const lost = lostOf(all, kept, { ...options, top: top.path });
  const stays = all.filter(({ path }) => !lost.has(path));
  if (!stays.some(({ type }) => type === 'file') && !kept.directories.has(top.path)) return null;
  const highest = all.filter(({ path }) => lost.has(path) && !lost.has(parentOf(path)));
  if (highest.length === 0) return { kept: stays, pruning: null };
  const isReadable = highest.length <= MAX_PRUNED && highest.length + STAGE_LINES < namesOf(stays, highest);
  if (!isReadable || !options.canPrune(instruction)) return null;
  const isPlain = highest.every(({ path, origin }) => PLAIN.test(origin) && PLAIN.test(path));
  // COPY keeps hard links, and kraft empties them
  const isSingle = stays.every(({ path }) => (kept.rootfs.lookup(path)?.hardLinkTo ?? null) === null);
  if (!isPlain || !isSingle) return null;
  const sorted = highest.sort((a, b) => comparePaths(a.origin, b.origin));
  const pruning = {
    instruction,
    paths: sorted.map(({ path }) => path),
    origins: sorted.map(({ origin }) => origin),
  };
  return { kept: stays, pruning };
}

/**
 * What of a directory goes: files without use, directories with nothing else below them, links that lead to what goes.
 */
function lostOf(all: readonly SourceCopy[], kept: Kept, options: LinkOptions): Set<ImagePath> {
  const lost = new Set<ImagePath>();
  const used = new Set<ImagePath>();
  const filled = new Set<ImagePath>();
  const idle: ImagePath[] = [];
  for (const { path, type } of all) {
    if (type === 'directory') continue;
    if (type === 'symlink' && isIdle(path, kept, options)) {
      idle.push(path);
      continue;
    }
    const stays = type === 'symlink' ? leadsToKept(path, kept, options) : kept.files.has(path);
    if (!stays) lost.add(path);
    for (const above of ancestorsOf(path)) {
      filled.add(above);
      if (stays) used.add(above);
    }
  }
  const directories = all.filter(({ type }) => type === 'directory').map(({ path }) => path);
  for (const path of directories.sort(comparePaths)) {
    const isEmpty = !filled.has(path) && !lost.has(parentOf(path)) && !options.isDropped(path);
    if (!used.has(path) && !kept.directories.has(path) && !isEmpty) lost.add(path);
  }
  for (const path of idle) if (lost.has(parentOf(path))) lost.add(path);
  return lost;
}

/**
 * Whether a link leads to nothing, or out of the directory to what does not arrive. It stays where its directory
 * does: it holds no byte, and an app that opens it fails as it does without it.
 */
function isIdle(path: ImagePath, kept: Kept, options: LinkOptions): boolean {
  if (leadsToKept(path, kept, options) || options.isTaken(path) || options.isDropped(path)) return false;
  const { path: place, entry } = resolvePath(kept.rootfs, path);
  return entry === undefined || !isWithin(place, options.top);
}

function leadsToKept(path: ImagePath, kept: Kept, { isTaken, isDropped }: LinkOptions): boolean {
  if (isTaken(path)) return false;
  if (kept.links.has(path)) return true;
  if (isDropped(path)) return false;
  const { path: place, entry } = resolvePath(kept.rootfs, path);
  return entry !== undefined && (kept.files.has(place) || kept.directories.has(place));
}

/** How many names of files and of whole directories would stand for what stays. */
function namesOf(stays: readonly SourceCopy[], highest: readonly SourceCopy[]): number {
  const torn = new Set(highest.flatMap(({ path }) => ancestorsOf(path)));
  return stays.filter(({ path }) => !torn.has(path) && torn.has(parentOf(path))).length;
}

/**
 * The arrivals with what the lines of directories copy; names through links that stay lead to the places of the files.
 */
function joined(
  rootfs: Rootfs,
  arrivals: readonly Arrival[],
  { copies, isUsual }: Pick<CopiedDirectoriesOptions, 'isUsual'> & { readonly copies: readonly SourceCopy[] },
): Arrival[] {
  const links = new Set(copies.flatMap(({ type, path }) => (type === 'symlink' ? [path] : [])));
  const placed = arrivals.map((arrival): Arrival => {
    const { path, links: through } = resolvePath(rootfs, arrival.path);
    return through.some((link) => links.has(link)) ? { ...arrival, path, source: path } : arrival;
  });
  const reasonsOf = new Map(placed.map(({ path, reasons }) => [path, reasons]));
  const added = copies.map((copy): Arrival => {
    const { path, type } = copy;
    const arrival = { path, source: path, reasons: reasonsOf.get(path) ?? [] };
    if (type === 'symlink') return { ...arrival, link: true };
    return type === 'directory' && !isUsual(copy) ? { ...arrival, exact: true } : arrival;
  });
  return [...placed, ...added];
}
