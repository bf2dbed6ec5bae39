import type { Rootfs } from '../image/rootfs.ts';
import { baseName, childOf, type ImagePath, isWithin, ROOT } from '../shared/image-path.ts';
import type { Arrival } from './layout.ts';
import {
  canBeWhole,
  joins,
  type Named,
  namesOf,
  type WholeDirectoriesOptions,
  withWholeDirectories,
} from './whole-directories.ts';

export type PrunedDirectoriesOptions = WholeDirectoriesOptions & {
  /** Whether a RUN in the root file system can search directories by name. */
  readonly canFind: boolean;
};

/** What a stage removes, so that one line can copy each whole directory that holds some of it. */
export type Removed = {
  readonly paths: readonly ImagePath[];
  /** Whole directories below which a search finds the directories of byte code among the paths. */
  readonly searched: readonly ImagePath[];
};

export const NONE_REMOVED: Removed = { paths: [], searched: [] };

export type PrunedDirectories = {
  readonly arrivals: readonly Arrival[];
  readonly removed: Removed;
};

/** Byte code, which lies in every directory of modules: one search removes all of these directories. */
export const CACHES = '__pycache__';

/** More removed paths than these read no better than the names of what is kept. */
const MAX_REMOVED = 40;

/** A stage that prunes has these lines besides the paths. */
const STAGE_LINES = 5;

/** Names that a RUN and a COPY hold as they are. */
const PLAIN = /^\/[\w./@%+=:,~-]+$/;

/**
 * The arrivals in whole directories, as `withWholeDirectories` has them, and in directories that are whole once a stage
 * has removed a few paths of them. A path is removed only where that saves the names of two files at least.
 */
export function withPrunedDirectories(
  rootfs: Rootfs,
  arrivals: readonly Arrival[],
  options: PrunedDirectoriesOptions,
): PrunedDirectories {
  const choices: Choice[] = [];
  weigh(ROOT, { named: namesOf(rootfs, arrivals), options, choices });
  const saved = choices.reduce((sum, choice) => sum + choice.saved, 0);
  const removed = new Set(saved > STAGE_LINES ? choices.flatMap((choice) => choice.removed) : []);
  const whole = withWholeDirectories(rootfs, arrivals, { ...options, removed });
  const tops = whole.flatMap((arrival) => (arrival.whole ? [arrival.path] : []));
  const paths = [...removed].filter((path) => tops.some((top) => isWithin(path, top)));
  const caches = options.canFind ? paths.filter((path) => baseName(path) === CACHES) : [];
  const searched = tops.filter((top) => caches.filter((path) => isWithin(path, top)).length > 1);
  return { arrivals: whole, removed: { paths, searched } };
}

/** A directory that one line copies once a stage has pruned it. */
type Choice = {
  readonly top: ImagePath;
  readonly removed: readonly ImagePath[];
  readonly saved: number;
};

/** What a directory costs. */
type Weight = {
  /** Lines that name what arrives of it, the best choices below it included. */
  readonly lines: number;
  /** Files that arrive of it. */
  readonly files: number;
  /** What has to be removed so that the rest can be copied whole; null where something cannot. */
  readonly removed: readonly ImagePath[] | null;
  /** Names of what lies below removed paths and arrives. */
  readonly extra: number;
  /** Links that lead to files below it, and lie outside of it. */
  readonly outside: ReadonlySet<ImagePath>;
  readonly isEmpty: boolean;
};

const NONE: ReadonlySet<ImagePath> = new Set();

type Weighing = {
  readonly named: Named;
  readonly options: PrunedDirectoriesOptions;
  /** The choices so far; those below another have left it. */
  readonly choices: Choice[];
};

function weigh(directory: ImagePath, context: Weighing): Weight {
  const { named, options, choices } = context;
  const before = choices.length;
  const names = named.rootfs.list(directory);
  const all = names.map((name) => weighChild(childOf(directory, name), context));
  const isDropped = names.length === 0 && !named.byPlace.has(directory) && options.isDropped(directory);
  const files = all.reduce((sum, child) => sum + child.files, 0);
  const lines = all.reduce((sum, child) => sum + child.lines, 0);
  const extra = all.reduce((sum, child) => sum + child.extra, 0);
  const whole = all.flatMap(({ removed }) => removed ?? []);
  const removed = isDropped || all.some((child) => child.removed === null) ? null : whole;
  const links = all.flatMap((child) => [...child.outside]);
  const outside = new Set(links.filter((link) => !isWithin(link, directory)));
  const weight = { lines, files, removed, extra, outside, isEmpty: names.length === 0 && !isDropped };
  if (removed === null || outside.size > 0 || !canBeWhole(directory, { files: files - extra, named }))
    return weight;
  if (removed.length === 0) {
    choices.length = before;
    return { ...weight, lines: Math.min(1, lines) };
  }
  const paths = options.canFind ? removed.filter((path) => baseName(path) !== CACHES) : removed;
  const cost = 1 + extra + paths.length + (paths.length < removed.length ? 1 : 0);
  const isReadable = paths.length <= MAX_REMOVED && paths.every((path) => PLAIN.test(path));
  if (!isReadable || lines - cost < 2 * paths.length) return weight;
  choices.length = before;
  choices.push({ top: directory, removed, saved: lines - cost });
  return { ...weight, lines: cost };
}

/** What a path costs the directory that it lies in. */
function weighChild(path: ImagePath, context: Weighing): Weight {
  const { named, options } = context;
  const { byPlace, byLink, altered, hardLinked, rootfs } = named;
  const entry = rootfs.lookup(path);
  if (entry?.type === 'directory') {
    const weight = weigh(path, context);
    const { files, lines, removed, extra, isEmpty } = weight;
    if (isEmpty) return { ...weight, lines: byPlace.has(path) ? 1 : 0 };
    if (files === 0 && removed !== null && !byPlace.has(path)) return { ...weight, removed: [path] };
    const isCache = baseName(path) === CACHES && options.canFind;
    const isDear = removed !== null && removed.length + extra > 1 + files;
    if (altered.has(path) || (!isDear && !isCache)) return weight;
    return { files, lines, removed: [path], extra: files, outside: NONE, isEmpty: false };
  }
  const isOther = altered.has(path) || hardLinked.has(path) || (entry?.hardLinkTo ?? null) !== null;
  if (isOther) return { lines: 1, files: 1, removed: null, extra: 0, outside: NONE, isEmpty: false };
  const joined = joins(path, { named, options });
  if (joined !== null) {
    const count = joined.arrival.link === true && !byLink.has(path) ? 0 : 1;
    const outside = new Set(joined.links);
    return { lines: count, files: count, removed: [], extra: 0, outside, isEmpty: false };
  }
  const isNeeded = byPlace.has(path) || byLink.has(path);
  const lines = isNeeded ? 1 : 0;
  return { lines, files: 0, removed: isNeeded ? null : [path], extra: 0, outside: NONE, isEmpty: false };
}
