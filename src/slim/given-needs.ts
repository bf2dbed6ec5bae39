import { pathFitness } from '../analysis/fitness.ts';
import type { Need } from '../analysis/need.ts';
import type { Config } from '../config/config-schema.ts';
import type { Rootfs } from '../image/rootfs.ts';
import { matches } from '../shared/glob.ts';
import { groupBy } from '../shared/group-by.ts';
import type { ImagePath } from '../shared/image-path.ts';
import type { Workshop } from './workshop.ts';

/** What the user asks for: `keep` globs over the paths of the full root file system. */
export function askedNeeds(rootfs: Rootfs, keep: readonly string[]): Need[] {
  const needs: Need[] = [];
  for (const [path] of rootfs.entries()) {
    const glob = keep.find((pattern) => matches(pattern, path));
    if (glob !== undefined) needs.push({ path, reason: { kind: 'asked', glob } });
  }
  return needs;
}

/** Needs less what the user's `drop` globs name, and less what Unikraft could not have: files below /dev. */
export function settleNeeds(
  needs: readonly Need[],
  { rootfs, config, warn }: { rootfs: Rootfs; config: Pick<Config, 'drop'>; warn: Workshop['warn'] },
): Need[] {
  const wanted = withoutDropped(needs, config.drop);
  warnOfHardLinks(rootfs, wanted, warn);
  return wanted.filter(({ path }) => {
    const fitness = pathFitness(rootfs, path);
    if (fitness !== null) warn(fitness);
    return fitness?.code !== 'dev-file';
  });
}

/** Needs less what `drop` globs name. */
export function withoutDropped(needs: readonly Need[], drop: readonly string[]): Need[] {
  return needs.filter(({ path }) => !drop.some((glob) => matches(glob, path)));
}

/** kraft writes a hard link as an empty file: two names of one file arrive as two files, which takes its room twice. */
function warnOfHardLinks(rootfs: Rootfs, needs: readonly Need[], warn: Workshop['warn']): void {
  const first = (path: ImagePath) => rootfs.lookup(path)?.hardLinkTo ?? path;
  const names = [...new Set(needs.map(({ path }) => path))].filter(
    (path) => rootfs.lookup(path)?.type === 'file',
  );
  for (const [, same] of groupBy(names, first)) {
    if (same.length < 2) continue;
    const message = `${same.join(' and ')} are hard links to one file: they arrive as copies, since kraft empties links`;
    warn({ code: 'hard-link', message });
  }
}
