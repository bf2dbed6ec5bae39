import { GENERATED_FILES } from '../image/engine-stubs.ts';
import { append } from '../shared/append.ts';
import { type FileTree, resolvePath } from '../shared/file-tree.ts';
import { childOf, type ImagePath, imagePath, isWithin, parentOf, ROOT } from '../shared/image-path.ts';
import type { TouchKind } from '../strace/path-calls.ts';
import type { Trace } from '../strace/read-trace.ts';
import type { CallPlace, FailedLookup, Touch } from '../strace/touched.ts';
import { needsOfExecuted } from './executed-needs.ts';
import type { Need, Reason } from './need.ts';

type TracedReason = Extract<Reason, { kind: 'traced' }>['how'];

/** File systems that the kernel makes: what lies there cannot be shipped. */
const KERNEL_TREES = [imagePath('/proc'), imagePath('/sys'), imagePath('/dev')];

type Meaning = {
  readonly itself?: TracedReason;
  /** The directory in which the call made its name. */
  readonly directory?: true;
  /** The path itself unless the program made it: the call fails where it is not there, open(2) and rename(2). */
  readonly existing?: TracedReason;
};

/** What each kind of touch makes needed. */
const MEANING: Readonly<Record<TouchKind, Meaning>> = {
  opened: { itself: 'opened' },
  mapped: { itself: 'opened' },
  connected: { itself: 'opened' },
  executed: { itself: 'executed' },
  stat: { itself: 'stat' },
  entered: { itself: 'stat' },
  attributes: { itself: 'stat' },
  'link-read': { itself: 'linked-through' },
  linked: { itself: 'stat' },
  listed: { itself: 'listed' },
  written: { directory: true, existing: 'opened' },
  created: { directory: true },
  bound: { directory: true },
  mkdir: { directory: true },
  renamed: { directory: true, existing: 'stat' },
  removed: { directory: true },
};

/** Touches by which the program itself made a path. */
const MADE: ReadonlySet<TouchKind> = new Set(['created', 'mkdir', 'bound']);

/** Touches that change a file; a socket and a directory that is made hold no data yet. */
const CHANGES: ReadonlySet<TouchKind> = new Set(['written', 'created', 'renamed', 'removed']);

/** What a trace makes of the paths that the program touched. */
export type DynamicFindings = {
  readonly needs: readonly Need[];
  /** Paths below /proc, /sys and /dev that the program relies on, though Unikraft's base has none. */
  readonly kernelPaths: readonly ImagePath[];
  /** Files that it wrote, made, renamed or removed, as it named them. */
  readonly written: readonly ImagePath[];
  /** What it looked for and did not find. */
  readonly failed: readonly MissedPath[];
};

/**
 * A path that was looked for, and that the root file system lacks: repair and donors use it. `making`: the
 * call would have made it, so that it is the directory which is missing.
 */
export type MissedPath = {
  readonly path: ImagePath;
  readonly making: boolean;
  readonly first: CallPlace;
};

/** More than any start looks for. Of more, the last stay: a program dies of what it misses last. */
const MAX_MISSED = 5000;

/**
 * Turns the touches of a trace into needs over the root file system as it was before the run. What the program
 * itself made is not needed, but the directory in which it made it is, where that was there before. The links on the
 * way to a need are found when needs are closed. A link that leads nowhere, or into what the kernel makes, is no need:
 * no COPY carries it.
 */
export function needsOfTrace(
  tree: FileTree,
  { touched, failed }: Pick<Trace, 'touched' | 'failed'>,
): DynamicFindings {
  const needs: Need[] = [];
  const kernelPaths = new Set<ImagePath>();
  const reached = reachedByName(tree, touched);
  for (const touch of touched) {
    const kinds = touch.named || !reached.has(touch.path) ? touch.kinds : onlyListed(touch.kinds);
    const path = pathOf(tree, touch.path);
    const places = [path, ...touch.resolvedTo.map((text) => imagePath(text)), resolvePath(tree, path).path];
    const kernel = places.find(isKernels);
    if (kernel !== undefined && touch.named) kernelPaths.add(kernel);
    if (!isKernels(path)) append(needs, needsOfTouch(tree, path, kinds));
  }
  const written = touched
    .filter(({ kinds }) => kinds.some((kind) => CHANGES.has(kind)))
    .map(({ path }) => pathOf(tree, path))
    .filter((path) => !isKernels(path));
  return { needs, kernelPaths: [...kernelPaths], written, failed: missedPaths(tree, touched, failed) };
}

/**
 * What the kernel found behind names that are needs themselves. What it found behind others, `/proc/self/fd/3` or a
 * descriptor that came from elsewhere, is needed by its own path.
 */
function reachedByName(tree: FileTree, touched: readonly Touch[]): Set<string> {
  const named = touched.filter((touch) => touch.named && !isKernels(pathOf(tree, touch.path)));
  return new Set(named.flatMap(({ resolvedTo }) => resolvedTo));
}

/** A directory is listed by its descriptor, so that it may be known by no name. */
function onlyListed(kinds: readonly TouchKind[]): TouchKind[] {
  return kinds.filter((kind) => kind === 'listed');
}

function missedPaths(
  tree: FileTree,
  touched: readonly Touch[],
  failed: readonly FailedLookup[],
): MissedPath[] {
  const made = new Set(
    touched.filter(({ kinds }) => kinds.some((kind) => MADE.has(kind))).map(({ path }) => path),
  );
  const missed = new Map<ImagePath, MissedPath>();
  for (const { path: text, errno, making, first } of failed) {
    if ((errno !== 'ENOENT' && errno !== 'ENOTDIR') || made.has(text)) continue;
    const path = pathOf(tree, text);
    if (isKernels(path) || resolvePath(tree, path).entry !== undefined) continue;
    const known = missed.get(path);
    missed.set(
      path,
      known === undefined ? { path, making, first } : { ...known, making: known.making && making },
    );
  }
  return [...missed.values()].slice(-MAX_MISSED);
}

function isKernels(path: ImagePath): boolean {
  return KERNEL_TREES.some((top) => isWithin(path, top));
}

function needsOfTouch(tree: FileTree, path: ImagePath, kinds: readonly TouchKind[]): Need[] {
  const isMade = kinds.some((kind) => MADE.has(kind));
  const wanted = kinds.flatMap((kind): [ImagePath, TracedReason][] => {
    const { itself, directory, existing } = MEANING[kind];
    const how = itself ?? (isMade ? undefined : existing);
    return [
      ...(how === undefined ? [] : [[path, how] as [ImagePath, TracedReason]]),
      ...(directory ? [[parentOf(path), 'written'] as [ImagePath, TracedReason]] : []),
    ];
  });
  return [
    ...wanted.map(([at, how]): Need => ({ path: at, reason: { kind: 'traced', how } })),
    ...(kinds.includes('executed') ? needsOfExecuted(tree, path) : []),
  ].filter(
    ({ path: at }) => at !== ROOT && !GENERATED_FILES.has(at) && resolvePath(tree, at).entry !== undefined,
  );
}

/** A `..` behind a link leads elsewhere than its text says; such a path is taken as the kernel found it. */
function pathOf(tree: FileTree, text: string): ImagePath {
  const names = text.split('/');
  if (!names.includes('..')) return imagePath(text);
  const last = names.findLast((name) => name !== '' && name !== '.') ?? '..';
  if (last === '..') return resolvePath(tree, text).path;
  // the last name stays as the program says it: it may be a link, and arrives under this name
  return childOf(resolvePath(tree, text.slice(0, text.lastIndexOf(last))).path, last);
}
