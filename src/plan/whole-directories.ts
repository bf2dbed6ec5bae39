import type { Rootfs } from '../image/rootfs.ts';
import { resolvePath } from '../shared/file-tree.ts';
import { groupBy } from '../shared/group-by.ts';
import {
  ancestorsOf,
  childOf,
  type ImagePath,
  imagePath,
  isWithin,
  parentOf,
  ROOT,
} from '../shared/image-path.ts';
import { type Arrival, isUnusual } from './layout.ts';

export type WholeDirectoriesOptions = {
  /** Whether the user wants a path to be gone: a link or an empty directory of this name never joins. */
  readonly isDropped: (path: ImagePath) => boolean;
  /** Whether something else lies at a path below the unit's own files, so that no link may take its place. */
  readonly isTaken: (path: ImagePath) => boolean;
  /** What a stage removes before: a whole directory may hold all but these, which lines of files may add again. */
  readonly removed?: ReadonlySet<ImagePath>;
};

/**
 * Directories that packages of all sorts share: most of what lies there belongs to other programs, so that a line which
 * copies the directory would copy whatever the next version of the base puts there.
 */
const SHARED =
  /^\/(?:|bin|boot|dev|etc|home|lib\w*|media|mnt|opt|proc|root|run|sbin|srv|sys|tmp|usr|var)$|^\/(?:usr\/(?:local\/)?)?(?:bin|games|include|lib\w*|local|sbin|share)(?:\/[\w.]+-linux-\w+)?$|^\/var\/(?:cache|lib|log|spool|tmp)$/;

/** Names that a COPY line holds as they are. */
const PLAIN = /^[\w./@%+=:,~-]+$/;

/** More COPY lines of whole directories than these read no better than a list. */
const MAX_DIRECTORIES = 40;

/** A directory with fewer files has its files named. */
const MIN_FILES = 2;

/** What of a directory arrives. */
type Found = {
  /** Everything below the directory that arrives with it. */
  readonly arrivals: Arrival[];
  readonly files: number;
  /** Whether anything below it does not arrive, or not as it is. */
  readonly isPart: boolean;
  /** Links that lead to files below it, and lie outside of it. */
  readonly outside: ReadonlySet<ImagePath>;
};

/** How arrivals name what is in the root file system. */
export type Named = {
  readonly rootfs: Rootfs;
  /** By the place of what arrives, free of links. */
  readonly byPlace: ReadonlyMap<ImagePath, readonly Place[]>;
  /** By each link on the way. */
  readonly byLink: ReadonlyMap<ImagePath, readonly Place[]>;
  /** Where something else arrives than the root file system has. */
  readonly altered: ReadonlySet<ImagePath>;
  /** First names of files with several. */
  readonly hardLinked: ReadonlySet<ImagePath>;
};

type Place = {
  readonly arrival: Arrival;
  readonly path: ImagePath;
  readonly links: readonly ImagePath[];
};

/**
 * The same arrivals with each directory of which everything arrives as a **whole directory**: one COPY line copies
 * all that is below it, as it is. Links in it stay links, and what arrives under the name of such a link arrives at
 * its own place instead; empty directories join. A directory with a second name of a file stays in pieces: COPY keeps
 * hard links, and kraft empties them.
 */
export function withWholeDirectories(
  rootfs: Rootfs,
  arrivals: readonly Arrival[],
  options: WholeDirectoriesOptions,
): Arrival[] {
  const named = namesOf(rootfs, arrivals);
  const found = new Map<ImagePath, Found>();
  search(ROOT, { named, options, found });
  const whole = [...found]
    .sort(([, a], [, b]) => b.arrivals.length - a.arrivals.length)
    .slice(0, MAX_DIRECTORIES);
  const within = whole.map(([path]) => path);
  const { removed = new Set() } = options;
  const isRemoved = (path: ImagePath) => [path, ...ancestorsOf(path)].some((above) => removed.has(above));
  const isBelow = (path: ImagePath) =>
    within.some((directory) => isWithin(path, directory)) && !(removed.size > 0 && isRemoved(path));
  const rest = arrivals.filter(({ path }) => !isBelow(path));
  const there = new Set(rest.map(({ path }) => path));
  const led = whole
    .flatMap(([, { arrivals: below }]) => below.filter(({ link }) => link))
    .flatMap(({ path: link }) => {
      const next = fileBehind(rootfs, link);
      return (named.byLink.get(link) ?? []).map(({ arrival: { reasons }, path }): Arrival => {
        const to = next ?? path;
        return { path: to, source: to, reasons };
      });
    })
    .filter(({ path }) => path !== ROOT && !isBelow(path) && !there.has(path));
  const directories = whole.flatMap(([path, { arrivals: below }]) => [wholeArrival(path, named), ...below]);
  return [...rest, ...led, ...directories];
}

/**
 * What a link that leads to a file names: the next link of a chain, which need not lie in a whole directory, or the
 * file. null for a link to a directory.
 */
function fileBehind(rootfs: Rootfs, link: ImagePath): ImagePath | null {
  const target = rootfs.lookup(link)?.linkTarget ?? null;
  const { path, entry } = resolvePath(rootfs, link);
  if (target === null || entry?.type !== 'file') return null;
  const named = imagePath(target, parentOf(link));
  // `..` behind a link to a directory leads elsewhere than the text says
  return resolvePath(rootfs, named).path === path ? named : path;
}

function wholeArrival(path: ImagePath, { byPlace }: Named): Arrival {
  return { path, source: path, reasons: reasonsOf(byPlace.get(path)), whole: true };
}

function reasonsOf(places: readonly Place[] = []): Arrival['reasons'] {
  return places.flatMap(({ arrival: { reasons } }) => reasons);
}

/** How arrivals name what is in a root file system. */
export function namesOf(rootfs: Rootfs, arrivals: readonly Arrival[]): Named {
  const places: Place[] = [];
  const altered = new Set<ImagePath>();
  for (const arrival of arrivals) {
    const { path, links, entry } = resolvePath(rootfs, arrival.path);
    if (arrival.source !== arrival.path) altered.add(path);
    else if (entry !== undefined) places.push({ arrival, path, links });
  }
  const hardLinked = new Set<ImagePath>();
  for (const [, { hardLinkTo }] of rootfs.entries()) if (hardLinkTo !== null) hardLinked.add(hardLinkTo);
  const byLink = new Map<ImagePath, Place[]>();
  for (const place of places)
    for (const link of place.links) byLink.set(link, [...(byLink.get(link) ?? []), place]);
  return { rootfs, byPlace: groupBy(places, ({ path }) => path), byLink, altered, hardLinked };
}

type Search = {
  readonly named: Named;
  readonly options: WholeDirectoriesOptions;
  /** The whole directories so far; those below another have left it. */
  readonly found: Map<ImagePath, Found>;
};

/** What of a directory arrives; whole directories are recorded, the highest of each tree alone. */
function search(directory: ImagePath, context: Search): Found {
  const { named, options, found } = context;
  const arrivals: Arrival[] = [];
  const outside = new Set<ImagePath>();
  let files = 0;
  let isPart = false;
  for (const name of named.rootfs.list(directory)) {
    const path = childOf(directory, name);
    if (options.removed?.has(path)) continue;
    if (named.rootfs.lookup(path)?.type === 'directory') {
      const below = search(path, context);
      const isEmpty = named.rootfs.list(path).length === 0;
      isPart ||= below.isPart || (isEmpty && !named.byPlace.has(path) && options.isDropped(path));
      arrivals.push({ path, source: path, reasons: reasonsOf(named.byPlace.get(path)), exact: true });
      for (const arrival of below.arrivals) arrivals.push(arrival);
      for (const link of below.outside) outside.add(link);
      files += below.files;
      continue;
    }
    const joined = joins(path, context);
    if (joined === null) {
      isPart = true;
      continue;
    }
    arrivals.push(joined.arrival);
    for (const link of joined.links) outside.add(link);
    if (joined.arrival.link !== true || named.byLink.has(path)) files += 1;
  }
  for (const link of outside) if (isWithin(link, directory)) outside.delete(link);
  const result = { arrivals: isPart ? [] : arrivals, files, isPart, outside };
  if (isWhole(directory, result, named)) {
    for (const path of found.keys()) if (isWithin(path, directory)) found.delete(path);
    found.set(directory, result);
  }
  return result;
}

function isWhole(directory: ImagePath, { files, isPart, outside }: Found, named: Named): boolean {
  return !isPart && outside.size === 0 && canBeWhole(directory, { files, named });
}

/** Whether one line may copy a directory: how many of its files arrive, where it lies, and what it is. */
export function canBeWhole(
  directory: ImagePath,
  { files, named: { rootfs, byPlace, altered } }: { readonly files: number; readonly named: Named },
): boolean {
  if (files < MIN_FILES) return false;
  if (SHARED.test(directory) || !PLAIN.test(directory) || altered.has(directory)) return false;
  // a line that names a directory makes a new directory, with mode 755 and owner 0
  const entry = rootfs.lookup(directory);
  const isExact = byPlace.get(directory)?.some(({ arrival }) => arrival.exact) ?? false;
  return !isExact || entry === undefined || !isUnusual(entry);
}

/** How a file or a link joins the directory that it lies in; null where it does not. */
export function joins(
  path: ImagePath,
  { named, options }: Omit<Search, 'found'>,
): { arrival: Arrival; links: readonly ImagePath[] } | null {
  const { rootfs, byPlace, altered, hardLinked } = named;
  const entry = rootfs.lookup(path);
  if (altered.has(path)) return null;
  if (entry?.type === 'symlink')
    return joinsAsLink(path, { named, options })
      ? { arrival: { path, source: path, reasons: reasonsOf(named.byLink.get(path)), link: true }, links: [] }
      : null;
  const places = byPlace.get(path) ?? [];
  const [first] = places;
  if (entry?.type !== 'file' || first === undefined) return null;
  if (entry.hardLinkTo !== null || hardLinked.has(path)) return null;
  const links = places.some((candidate) => candidate.links.length === 0) ? [] : first.links;
  return { arrival: { path, source: path, reasons: reasonsOf(places) }, links };
}

/** A link joins where it leads to what arrives, or nowhere. */
function joinsAsLink(path: ImagePath, { named, options }: Omit<Search, 'found'>): boolean {
  const { rootfs, byPlace, byLink } = named;
  if (options.isTaken(path)) return false;
  if (byLink.has(path)) return true;
  if (options.isDropped(path)) return false;
  const { path: place, entry } = resolvePath(rootfs, path);
  if (entry === undefined) return true;
  return (byPlace.get(place) ?? []).some(({ links }) => links.length === 0);
}
