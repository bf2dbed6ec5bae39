import { GENERATED_FILES } from '../image/engine-stubs.ts';
import { type FileTree, resolvePath } from '../shared/file-tree.ts';
import { type ImagePath, imagePath, isWithin, parentOf, ROOT } from '../shared/image-path.ts';
import type { TouchKind } from '../strace/path-calls.ts';
import type { Touch } from '../strace/touched.ts';
import type { Need, Reason } from './need.ts';

type TracedReason = Extract<Reason, { kind: 'traced' }>['how'];

/** File systems that the kernel makes: what lies there cannot be shipped. */
const KERNEL_TREES = [imagePath('/proc'), imagePath('/sys'), imagePath('/dev')];

/** What each kind of touch makes needed: the path itself, or the directory in which the call made its name. */
const MEANING: Readonly<Record<TouchKind, { itself?: TracedReason; directory?: true }>> = {
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
  written: { directory: true },
  created: { directory: true },
  bound: { directory: true },
  mkdir: { directory: true },
  renamed: { directory: true },
  removed: { directory: true },
};

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
  const needs: Need[] = [];
  for (const kind of kinds) {
    const { itself, directory } = MEANING[kind];
    const wanted = directory ? parentOf(path) : path;
    if (wanted === ROOT || GENERATED_FILES.has(wanted)) continue;
    if (resolvePath(tree, wanted).entry === undefined) continue;
    needs.push({ path: wanted, reason: { kind: 'traced', how: itself ?? 'written' } });
  }
  return needs;
}

/** A `..` behind a link leads elsewhere than its text says; such a path is taken as the kernel found it. */
function pathOf(tree: FileTree, text: string): ImagePath {
  return text.split('/').includes('..') ? resolvePath(tree, text).path : imagePath(text);
}
