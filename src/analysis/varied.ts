import { comparePaths, type ImagePath } from '../shared/image-path.ts';
import type { Need } from './need.ts';

/**
 * The paths that only some of several traced runs touched, in byte order: what the next run touches is not sure then.
 * Taken from needs, in which nothing is that the program made itself, such as files with the pid in their name, and
 * nothing that the kernel makes.
 */
export function variedPaths(runs: readonly (readonly Need[])[]): ImagePath[] {
  const touchedBy = new Map<ImagePath, number>();
  for (const needs of runs) {
    for (const path of new Set(needs.map((need) => need.path)))
      touchedBy.set(path, (touchedBy.get(path) ?? 0) + 1);
  }
  return [...touchedBy.entries()]
    .filter(([, times]) => times < runs.length)
    .map(([path]) => path)
    .sort(comparePaths);
}

/** How many paths a message names. */
const NAMED = 5;

/** The warning `trace-varied`, of paths that `variedPaths` gave. */
export function variedMessage(paths: readonly ImagePath[], runs: number): string {
  const named = paths.slice(0, NAMED).join(', ');
  const more = paths.length > NAMED ? ` and ${paths.length - NAMED} more` : '';
  const [were, kept] =
    paths.length === 1 ? ['1 path was', 'it is kept'] : [`${paths.length} paths were`, 'all are kept'];
  return `${were} touched in only some of ${runs} traced runs: ${named}${more}; ${kept}`;
}
