import type { CopiedPath, SourceCopy } from '../dockerfile/copied-paths.ts';
import type { CopyInstruction } from '../dockerfile/model.ts';
import type { RootfsView } from '../image/rootfs-view.ts';
import type { Pruning } from '../plan/copied-directories.ts';
import type { LayoutDirectory, LayoutEntry, LayoutFile, LayoutLink } from '../plan/layout.ts';
import type { Origin } from '../plan/origins.ts';
import { groupBy } from '../shared/group-by.ts';
import { ancestorsOf, type ImagePath, isWithin, ROOT } from '../shared/image-path.ts';
import type { Copying } from './blocks.ts';

/** What becomes of one source of a COPY. */
export type SourceFate = {
  /** Whether all that it copies is kept as it comes, so that it can stay as it is written. */
  readonly isWhole: boolean;
  /** What has to be copied by a separate line: of a whole source only what arrives by a second name. */
  readonly files: readonly Copying[];
};

export type FateRequest = {
  /** What the stage's lines have to copy. */
  readonly entries: readonly LayoutEntry[];
  readonly origins: ReadonlyMap<ImagePath, Origin>;
  /** The provenance of the stage's paths, as it was. */
  readonly copied: ReadonlyMap<ImagePath, CopiedPath>;
  /** What the stage gave. */
  readonly full: RootfsView;
  /** What stages leave out of directories, so that a line of each copies the rest. */
  readonly prunings: readonly Pruning[];
};

/**
 * The fate of each source of a stage's COPY lines. A source of many paths stays as it is where nothing of it is
 * dropped, and where it is a directory, or where the line has to copy whatever upstream adds: for the author, out of
 * the build context; for the app, which listed the directory; for the user; for the promise. Of any other source what
 * is kept is copied alone, in whole directories where all below one is kept.
 */
export function sourceFates(
  request: FateRequest,
): (instruction: CopyInstruction, source: number) => SourceFate {
  const { entries, origins, copied, prunings } = request;
  const files = entries.filter((entry) => entry.type === 'file');
  const directories = entries.filter((entry) => entry.type === 'directory');
  const links = entries.filter((entry) => entry.type === 'symlink');
  const kept = {
    files: new Map(files.map((file) => [file.path, file])),
    directories: new Map(directories.map((directory) => [directory.path, directory])),
    links: new Map(links.map((link) => [link.path, link])),
  };
  const prunedBy = new Map(prunings.map(({ instruction, paths }) => [instruction, new Set(paths)]));
  const isPruned = ({ instruction, path }: Pick<CopiedPath, 'instruction' | 'path'>) => {
    const paths = prunedBy.get(instruction);
    return paths !== undefined && [path, ...ancestorsOf(path)].some((above) => paths.has(above));
  };
  // a file that a donor adds has no line of the author's
  const written = files.filter(({ path }) => origins.has(path));
  const wanted = groupBy(written, ({ path }) => keyOf(origins.get(path) as Origin));
  const bySource = groupBy(
    [...copied.values()]
      .flatMap((candidate) => [candidate, ...candidate.beneath])
      .filter((copy) => !isPruned(copy)),
    keyOf,
  );
  return (instruction, source) => {
    const key = keyOf({ instruction, source });
    const all = bySource.get(key) ?? [];
    const needed = wanted.get(key) ?? [];
    const asIs = (copy: SourceCopy, top: ImagePath) => arrivesAsIs(copy, key, { ...request, kept, top });
    const isWhole =
      isSameFile(all, needed) ||
      (all.length > 0 &&
        all.every((candidate) => asIs(candidate, topOf(all))) &&
        (instruction.from === null || all.length === 1 || isOneDirectory(all) || isListed(all, kept)));
    const there = new Set(
      all.flatMap(({ path, place }) => (isSameFile(all, needed) ? [path, place] : [path])),
    );
    // a source of the build context is a path below the context's directory
    const sourceOf = (origin: ImagePath | undefined) => `${instruction.from === null ? '.' : ''}${origin}`;
    const copyingOf = ({ path }: LayoutFile) => ({ path, source: sourceOf(origins.get(path)?.origin) });
    if (isWhole) return { isWhole, files: needed.filter(({ path }) => !there.has(path)).map(copyingOf) };
    // COPY keeps hard links below a directory, and kraft empties them
    const isSingle = ({ path }: SourceCopy) => (request.full.lookup(path)?.hardLinkTo ?? null) === null;
    const whole = wholeBelow(all, (copy, top) => asIs(copy, top) && isSingle(copy));
    const isBelow = (path: ImagePath) => whole.some((directory) => isWithin(path, directory.path));
    return {
      isWhole,
      files: [
        ...needed.filter(({ path }) => !there.has(path) || !isBelow(path)).map(copyingOf),
        ...whole.map(({ path, origin }) => ({ path, source: sourceOf(origin), isDirectory: true as const })),
      ],
    };
  };
}

type Kept = {
  readonly files: ReadonlyMap<ImagePath, LayoutFile>;
  readonly directories: ReadonlyMap<ImagePath, LayoutDirectory>;
  readonly links: ReadonlyMap<ImagePath, LayoutLink>;
};

/** One source of one instruction. */
export function keyOf({ instruction, source }: Pick<SourceCopy, 'instruction' | 'source'>): string {
  return `${instruction.range.start} ${source}`;
}

/**
 * Whether a path that a source copies is kept, from that source unless another source copies it again, where the
 * source's line says it, and with the mode that it arrives with.
 */
function arrivesAsIs(
  { path, place, type }: SourceCopy,
  key: string,
  { kept, origins, copied, full, top }: FateRequest & { readonly kept: Kept; readonly top: ImagePath },
): boolean {
  if (path === ROOT) return true;
  // links of the earlier stage are no links of the new stage
  if (place !== path) return false;
  const isLast = keyOf(copied.get(path) as CopiedPath) === key;
  if (type === 'file') {
    const origin = kept.files.has(path) ? origins.get(path) : undefined;
    return origin !== undefined && (keyOf(origin) === key || !isLast);
  }
  if (type === 'symlink') return isLast && kept.links.has(path);
  // the mode that it sets is known where no later source has changed it, and where the line itself makes the directory
  if (!isLast && path !== top) return false;
  const made = kept.directories.get(path);
  const { mode, uid, gid } = full.lookup(path) ?? {};
  return type === 'directory' && made?.mode === mode && made?.uid === uid && made?.gid === gid;
}

/**
 * Whether a source copies a single file, which is needed by the name that its line gives it: in the stage that was, a
 * link may have led elsewhere.
 */
function isSameFile(all: readonly SourceCopy[], files: readonly LayoutFile[]): boolean {
  const [copy] = all;
  return all.length === 1 && copy?.type === 'file' && files.length === 1 && files[0]?.path === copy.place;
}

/** The path above all others that a source copies. */
function topOf(all: readonly SourceCopy[]): ImagePath {
  return all.reduce((top, { path }) => (path.length < top.length ? path : top), all[0]?.path ?? ROOT);
}

/** A pattern may name more in the next upstream version than was looked at; a directory is what the author copies. */
function isOneDirectory(all: readonly SourceCopy[]): boolean {
  const top = topOf(all);
  const { type } = all.find(({ path }) => path === top) ?? {};
  return type === 'directory' && all.every(({ path }) => isWithin(path, top));
}

/** A directory without a file stays as well: the author wanted it to be there. */
function isListed(all: readonly SourceCopy[], { files, directories }: Kept): boolean {
  const isAsked = (entry: LayoutEntry | undefined) =>
    entry?.reasons.some(({ kind }) => kind === 'asked' || kind === 'promise');
  const isRead = (entry: LayoutEntry | undefined) =>
    entry?.reasons.some((reason) => reason.kind === 'traced' && reason.how === 'listed');
  const found = all.filter(({ type }) => type === 'directory').map(({ path }) => directories.get(path));
  if (found.length > 0 && found.every((directory) => isRead(directory) || isAsked(directory))) return true;
  return all.filter(({ type }) => type === 'file').every(({ path }) => isAsked(files.get(path)));
}

/** Names that a COPY line holds as they are. */
const PLAIN = /^[\w./@%+=:,~-]+$/;

/** The highest directories that a source copies of which everything arrives as it is, and more than a file. */
function wholeBelow(
  all: readonly SourceCopy[],
  asIs: (candidate: SourceCopy, top: ImagePath) => boolean,
): SourceCopy[] {
  const lost = new Set<ImagePath>();
  const files = new Map<ImagePath, number>();
  for (const candidate of all) {
    const isKept = asIs(candidate, candidate.path);
    if (!isKept && candidate.type === 'directory') lost.add(candidate.path);
    for (const path of ancestorsOf(candidate.path)) {
      if (!isKept) lost.add(path);
      else if (candidate.type === 'file') files.set(path, (files.get(path) ?? 0) + 1);
    }
  }
  const whole = all.filter(
    ({ type, path, origin }) =>
      type === 'directory' &&
      path !== ROOT &&
      !lost.has(path) &&
      (files.get(path) ?? 0) > 1 &&
      PLAIN.test(`${path}${origin}`),
  );
  const found = new Set(whole.map(({ path }) => path));
  return whole.filter(({ path }) => !ancestorsOf(path).some((above) => found.has(above)));
}
