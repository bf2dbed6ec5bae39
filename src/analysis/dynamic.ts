import { GENERATED_FILES } from '../image/engine-stubs.ts';
import { type FileTree, resolvePath } from '../shared/file-tree.ts';
import { type ImagePath, imagePath, isWithin, parentOf, ROOT } from '../shared/image-path.ts';
import type { TouchKind } from '../strace/path-calls.ts';
import type { Touch } from '../strace/touched.ts';
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
  'link-read': { itself: 'stat' },
  linked: { itself: 'stat' },
  listed: { itself: 'listed' },
  written: { directory: true, existing: 'opened' },
  created: { directory: true },
  bound: { directory: true },
  mkdir: { directory: true },
  renamed: { directory: true, existing: 'stat' },
  removed: { directory: true },
};

/** Touches by which the program itself brought a path about. */
const MADE: ReadonlySet<TouchKind> = new Set(['created', 'mkdir', 'bound']);

/** What a trace makes of the paths that the program touched. */
export type DynamicFindings = {
  readonly needs: readonly Need[];
  /** Paths below /proc, /sys and /dev that the program relies on, though Unikraft's base has none. */
  readonly kernelPaths: readonly ImagePath[];
};

/**
 * Turns the touches of a trace into needs over the root file system as it was before the run. What the program
 * itself made is not needed, but the directory in which it made it is, where that was there before.
 */
export function needsOfTrace(tree: FileTree, touched: readonly Touch[]): DynamicFindings {
  const needs: Need[] = [];
  const kernelPaths = new Set<ImagePath>();
  for (const touch of touched) {
    if (!touch.named) continue;
    const path = pathOf(tree, touch.path);
    if (KERNEL_TREES.some((top) => isWithin(path, top))) {
      kernelPaths.add(path);
      continue;
    }
    needs.push(...needsOfTouch(tree, path, touch.kinds));
  }
  return { needs, kernelPaths: [...kernelPaths] };
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
  return wanted
    .filter(([at]) => at !== ROOT && !GENERATED_FILES.has(at) && resolvePath(tree, at).entry !== undefined)
    .map(([at, how]) => ({ path: at, reason: { kind: 'traced', how } }));
}

/** A `..` behind a link leads elsewhere than its text says; such a path is taken as the kernel found it. */
function pathOf(tree: FileTree, text: string): ImagePath {
  return text.split('/').includes('..') ? resolvePath(tree, text).path : imagePath(text);
}
