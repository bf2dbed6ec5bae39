import type { Need } from '../analysis/need.ts';
import type { Rootfs } from '../image/rootfs.ts';
import { resolvePath } from '../shared/file-tree.ts';
import { type ImagePath, imagePath, isWithin } from '../shared/image-path.ts';

/** A link to a directory that the author or the user names, or the program reads: `/app/current -> releases/v1`. */
export type DirectoryAlias = {
  /** As it is named. */
  readonly name: ImagePath;
  /** Where the link itself lies, and where it leads; free of links. */
  readonly link: ImagePath;
  readonly target: ImagePath;
};

/** Reasons that speak of a link itself. */
const NAMING: ReadonlySet<string> = new Set(['build-context', 'asked', 'linked-through']);

/**
 * The alias that a need stands for; null for any other need. A link to a directory that holds it is none, since it
 * has no end. What a trace names is none either, since the program names itself what it wants through it, unless it
 * read the link: then it went on by names below the target, and goes on below the link where that is a directory.
 */
export function aliasOf(rootfs: Rootfs, { path: name, reason }: Need): DirectoryAlias | null {
  if (!NAMING.has(reason.kind === 'traced' ? reason.how : reason.kind)) return null;
  const { path: link, entry } = resolvePath(rootfs, name, { followLast: false });
  if (entry?.type !== 'symlink') return null;
  const { path: target, entry: directory } = resolvePath(rootfs, name);
  return directory?.type !== 'directory' || isWithin(link, target) ? null : { name, link, target };
}

/** The names, through the aliases, of every path below a target; also through aliases that lie below another alias. */
export function* namesBelow(
  aliases: readonly DirectoryAlias[],
  paths: readonly ImagePath[],
): Generator<ImagePath> {
  for (const { name, target } of aliases) yield* namesThrough(name, target, [target]);

  function* namesThrough(
    name: ImagePath,
    target: ImagePath,
    entered: readonly ImagePath[],
  ): Generator<ImagePath> {
    const nameOf = (path: ImagePath) => imagePath(`${name}/${path.slice(target.length)}`);
    for (const path of paths) if (path !== target && isWithin(path, target)) yield nameOf(path);
    for (const { link, target: inner } of aliases) {
      // a circle of aliases has no end
      if (!isWithin(link, target) || entered.some((directory) => isWithin(directory, inner))) continue;
      yield* namesThrough(nameOf(link), inner, [...entered, inner]);
    }
  }
}
