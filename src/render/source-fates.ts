import type { Brought, CopiedPath } from '../dockerfile/copied-paths.ts';
import type { CopyInstruction } from '../dockerfile/model.ts';
import type { RootfsView } from '../image/rootfs-view.ts';
import type { LayoutDirectory, LayoutEntry, LayoutFile } from '../plan/layout.ts';
import type { Origin } from '../plan/origins.ts';
import { groupBy } from '../shared/group-by.ts';
import { type ImagePath, ROOT } from '../shared/image-path.ts';
import type { Copying } from './blocks.ts';

/** What becomes of one source of a COPY. */
export type SourceFate = {
  /** Whether all that it brings is kept as it comes, so that it can stay as it is written. */
  readonly isWhole: boolean;
  /** What has to be copied by itself: of a whole source only what arrives by a second name. */
  readonly files: readonly Copying[];
};

export type FateRequest = {
  /** What the stage's lines have to bring. */
  readonly entries: readonly LayoutEntry[];
  readonly origins: ReadonlyMap<ImagePath, Origin>;
  /** The provenance of the stage's paths, as it was. */
  readonly copied: ReadonlyMap<ImagePath, CopiedPath>;
  /** What the stage gave. */
  readonly full: RootfsView;
};

/** The mode of a directory that a COPY names. */
const MADE_MODE = 0o755;

/**
 * The fate of each source of a stage's COPY lines. One that brings many paths stays as it is only where nothing of
 * it is dropped **and** somebody wants whatever it will bring: the author, out of the build context; the app, which
 * listed the directory; the user; the promise. Else the next upstream version would bring what nobody asked for.
 */
export function sourceFates(
  request: FateRequest,
): (instruction: CopyInstruction, source: number) => SourceFate {
  const { entries, origins, copied } = request;
  const files = entries.filter((entry) => entry.type === 'file');
  const directories = entries.filter((entry) => entry.type === 'directory');
  const kept = {
    files: new Map(files.map((file) => [file.path, file])),
    directories: new Map(directories.map((directory) => [directory.path, directory])),
  };
  const wanted = groupBy(files, ({ path }) => keyOf(origins.get(path) as Origin));
  const brought = groupBy(
    [...copied.values()].flatMap((one) => [one, ...one.beneath]),
    keyOf,
  );
  return (instruction, source) => {
    const key = keyOf({ instruction, source });
    const all = brought.get(key) ?? [];
    const own = wanted.get(key) ?? [];
    const isWhole =
      all.length > 0 &&
      all.every((one) => arrivesAsIs(one, key, { ...request, kept, top: topOf(all) })) &&
      (instruction.from === null || !isMany(all) || isListed(all, kept));
    const there = new Set(all.map(({ path }) => path));
    const apart = isWhole ? own.filter(({ path }) => !there.has(path)) : own;
    return {
      isWhole,
      // a source of the build context is a path below the context's directory
      files: apart.map(({ path }) => ({
        path,
        source: `${instruction.from === null ? '.' : ''}${origins.get(path)?.origin}`,
      })),
    };
  };
}

type Kept = {
  readonly files: ReadonlyMap<ImagePath, LayoutFile>;
  readonly directories: ReadonlyMap<ImagePath, LayoutDirectory>;
};

/** One source of one instruction. */
export function keyOf({ instruction, source }: Pick<Brought, 'instruction' | 'source'>): string {
  return `${instruction.range.start} ${source}`;
}

/**
 * Whether a path that a source brings is kept, from that source unless another one brings it again, where the source's
 * line says it, and with the mode that it arrives with.
 */
function arrivesAsIs(
  { path, place, type }: Brought,
  key: string,
  { kept, origins, copied, full, top }: FateRequest & { readonly kept: Kept; readonly top: ImagePath },
): boolean {
  if (path === ROOT) return true;
  // links of the stage that was are none of the one that will be
  if (place !== path) return false;
  const isLast = keyOf(copied.get(path) as CopiedPath) === key;
  if (type === 'file') {
    const origin = kept.files.has(path) ? origins.get(path) : undefined;
    return origin !== undefined && (keyOf(origin) === key || !isLast);
  }
  // the mode that it brings is known where no later one has changed it, and where the line itself makes the directory
  if (!isLast && path !== top) return false;
  const { mode, uid, gid } = full.lookup(path) ?? {};
  const isPlain = mode === MADE_MODE && uid === 0 && gid === 0;
  return type === 'directory' && isPlain && kept.directories.has(path);
}

/** The path above all others that a source brings. */
function topOf(all: readonly Brought[]): ImagePath {
  return all.reduce((top, { path }) => (path.length < top.length ? path : top), all[0]?.path ?? ROOT);
}

function isMany(all: readonly Brought[]): boolean {
  return all.length > 1 || all.some(({ type }) => type === 'directory');
}

/** A directory without a file stays as well: the author wanted it to be there. */
function isListed(all: readonly Brought[], { files, directories }: Kept): boolean {
  const isAsked = (entry: LayoutEntry | undefined) =>
    entry?.reasons.some(({ kind }) => kind === 'asked' || kind === 'promise');
  const isRead = (entry: LayoutEntry | undefined) =>
    entry?.reasons.some((reason) => reason.kind === 'traced' && reason.how === 'listed');
  const found = all.filter(({ type }) => type === 'directory').map(({ path }) => directories.get(path));
  if (found.length > 0 && found.every((directory) => isRead(directory) || isAsked(directory))) return true;
  return all.filter(({ type }) => type === 'file').every(({ path }) => isAsked(files.get(path)));
}
