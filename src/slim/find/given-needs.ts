import { pathFitness } from '../../analysis/fitness.ts';
import { describeReason, type Need } from '../../analysis/need.ts';
import type { Config } from '../../config/config-schema.ts';
import type { Rootfs } from '../../image/rootfs.ts';
import { directoryNames } from '../../plan/directory-names.ts';
import { resolvePath } from '../../shared/file-tree.ts';
import { matches } from '../../shared/glob.ts';
import { groupBy } from '../../shared/group-by.ts';
import type { ImagePath } from '../../shared/image-path.ts';
import type { WarningListener } from '../reporter.ts';

/**
 * What the user asks for: `keep` globs over the paths of the full root file system, by every name that a link to a
 * directory gives them; where the file's name does not match, the file arrives under the name that does.
 */
export function askedNeeds(rootfs: Rootfs, keep: readonly string[]): Need[] {
  if (keep.length === 0) return [];
  const needs: Need[] = [];
  const namesOf = directoryNames(rootfs);
  for (const [path] of rootfs.entries()) {
    const found = firstMatch(keep, namesOf(path));
    // a link that leads nowhere has nothing that could be kept
    if (found === undefined || resolvePath(rootfs, path).entry === undefined) continue;
    needs.push({ path: found.name, reason: { kind: 'asked', glob: found.glob } });
  }
  return needs;
}

/** Needs less what the user's `drop` globs name, and less what Unikraft could not have: files below /dev. */
export function settleNeeds(
  needs: readonly Need[],
  {
    rootfs,
    config,
    warn,
  }: { rootfs: Rootfs; config: Pick<Config, 'drop' | 'keep'>; warn: WarningListener['warn'] },
): Need[] {
  warnOfGlobs(rootfs, config, warn);
  const named = notDropped(needs, rootfs, config.drop);
  for (const { path } of named) {
    const fitness = pathFitness(rootfs, path);
    if (fitness !== null) warn(fitness);
  }
  const wanted = withoutDropped(named, { rootfs, drop: [] });
  warnOfHardLinks(rootfs, wanted, warn);
  return wanted;
}

/** Needs less what `drop` globs name, and less files below /dev; nothing is warned of. */
export function withoutDropped(
  needs: readonly Need[],
  { rootfs, drop }: { rootfs: Rootfs; drop: readonly string[] },
): Need[] {
  return notDropped(needs, rootfs, drop).filter(({ path }) => pathFitness(rootfs, path)?.code !== 'dev-file');
}

/** A `drop` glob names a need as it is needed, by its own place, or by a link to a directory above that. */
function notDropped(needs: readonly Need[], rootfs: Rootfs, drop: readonly string[]): readonly Need[] {
  if (drop.length === 0) return needs;
  const namesOf = directoryNames(rootfs);
  return needs.filter(({ path }) => {
    const real = resolvePath(rootfs, path).path;
    return firstMatch(drop, [path, ...namesOf(real)]) === undefined;
  });
}

/** Whether a glob names a path, by its own place or by a link to a directory above it. */
export function isNamed(globs: readonly string[], rootfs: Rootfs, path: ImagePath): boolean {
  if (globs.length === 0) return false;
  return firstMatch(globs, [path, ...namesIn(rootfs)(resolvePath(rootfs, path).path)]) !== undefined;
}

const namesOfRootfs = new WeakMap<Rootfs, ReturnType<typeof directoryNames>>();

/** Finding the links of a root file system reads all of it: done once. */
function namesIn(rootfs: Rootfs): ReturnType<typeof directoryNames> {
  const known = namesOfRootfs.get(rootfs) ?? directoryNames(rootfs);
  namesOfRootfs.set(rootfs, known);
  return known;
}

/** Names that are needed and lead nowhere: nothing can be copied for them. */
export function warnOfMissing(missing: readonly Need[], warn: WarningListener['warn']): void {
  for (const { path, reason } of missing) {
    warn({
      code: 'need-missing',
      message: `kraft-slim leaves out ${path}, which leads to no file: ${describeReason(reason)}`,
    });
  }
}

/** A glob that matches nothing is most likely misspelt. */
function warnOfGlobs(
  rootfs: Rootfs,
  { keep, drop }: Pick<Config, 'keep' | 'drop'>,
  warn: WarningListener['warn'],
): void {
  const unmatched = new Set([...keep, ...drop]);
  if (unmatched.size === 0) return;
  const namesOf = directoryNames(rootfs);
  for (const [path] of rootfs.entries()) {
    const names = namesOf(path);
    for (const glob of unmatched) if (firstMatch([glob], names) !== undefined) unmatched.delete(glob);
    if (unmatched.size === 0) return;
  }
  for (const glob of unmatched) {
    warn({ code: 'glob-unmatched', message: `${glob} matches no path in the full root file system` });
  }
}

/** The first of the names that a glob matches, and the glob. */
function firstMatch(
  globs: readonly string[],
  names: readonly ImagePath[],
): { glob: string; name: ImagePath } | undefined {
  for (const name of names) {
    const glob = globs.find((pattern) => matches(pattern, name));
    if (glob !== undefined) return { glob, name };
  }
  return undefined;
}

/** kraft writes a hard link as an empty file: two names of one file arrive as two files, which takes its room twice. */
function warnOfHardLinks(rootfs: Rootfs, needs: readonly Need[], warn: WarningListener['warn']): void {
  const first = (path: ImagePath) => rootfs.lookup(path)?.hardLinkTo ?? path;
  const names = [...new Set(needs.map(({ path }) => path))].filter(
    (path) => rootfs.lookup(path)?.type === 'file',
  );
  for (const [, same] of groupBy(names, first)) {
    if (same.length < 2) continue;
    const message = `${same.join(' and ')} are hard links to one file: they become copies, since kraft writes a hard link as an empty file`;
    warn({ code: 'hard-link', message });
  }
}
