import { type FileTree, type FileType, resolvePath, walk } from '../shared/file-tree.ts';
import { baseName, childOf, type ImagePath, imagePath, ROOT, segments } from '../shared/image-path.ts';
import type { ExpandedCopy } from './expand-stage.ts';
import { filePattern, isFilePattern } from './file-pattern.ts';

/** A place where a COPY or ADD may put what a source of its tree names. */
export type CopyArrival = {
  /** Where to look for it. */
  readonly at: ImagePath;
  /**
   * Where it arrives according to the instruction alone: a destination without a slash may be a directory of the
   * stage.
   */
  readonly place: ImagePath;
  readonly type: FileType;
  /** Its path in the tree, as it is named there: at its end may be a link. */
  readonly origin: ImagePath;
  /** The same path, free of links but for what a directory holds. */
  readonly real: ImagePath;
};

/** Where a file may arrive: whether a destination without a slash is a directory only the built tree knows. */
export function filePlaces(
  { destination, intoDirectory }: ExpandedCopy,
  name: string,
): Pick<CopyArrival, 'at' | 'place'>[] {
  const inside = childOf(destination, name);
  if (intoDirectory) return [{ at: inside, place: inside }];
  return [destination, inside].map((at) => ({ at, place: destination }));
}

/**
 * Everywhere that a source may arrive: too many places rather than too few. A source that is a link arrives as what it
 * leads to, links inside a copied directory stay links (test/engine/copy-table measures it).
 * @param keepParents `--parents`: the path of the source is kept below the destination
 */
export function* arrivalsOf(
  word: string,
  copy: ExpandedCopy,
  { tree, keepParents = false }: { readonly tree: FileTree; readonly keepParents?: boolean },
): Generator<CopyArrival> {
  for (const named of matchesOf(word, tree)) {
    const { path: real, entry } = resolvePath(tree, named);
    const base = keepParents ? imagePath(`${copy.destination}/${named}`) : copy.destination;
    if (entry?.type === 'directory') {
      yield { at: base, place: base, type: 'directory', origin: named, real };
      for (const [inner, { type }] of walk(tree, real)) {
        const below = belowOf(real, inner);
        const place = imagePath(`${base}/${below}`);
        yield { at: place, place, type, origin: imagePath(`${named}/${below}`), real: inner };
      }
    } else if (entry !== undefined) {
      const places = keepParents ? [{ at: base, place: base }] : filePlaces(copy, baseName(named));
      for (const place of places) yield { ...place, type: entry.type, origin: named, real };
    }
  }
}

/**
 * The paths that a source names. Links on the way are followed up to the first name that is a pattern, and not below:
 * fsutil's ResolveWildcards, which BuildKit copies with. A source without a pattern means itself, backslashes included.
 */
export function matchesOf(word: string, tree: FileTree): ImagePath[] {
  const names = segments(imagePath(word));
  const first = names.findIndex(isFilePattern);
  if (first < 0) return [imagePath(word)];
  const named = imagePath(names.slice(0, first).join('/'));
  const { path: directory, entry } = resolvePath(tree, named);
  if (entry?.type !== 'directory') return [];
  const matches = filePattern(`/${names.slice(first).join('/')}`);
  const below = [...walk(tree, directory)].map(([path]) => belowOf(directory, path));
  return below.filter(matches).map((path) => imagePath(`${named}/${path}`));
}

/** Whether a source of a COPY names anything in a tree. */
export function copyReads(word: string, tree: FileTree): boolean {
  return matchesOf(word, tree).some((path) => resolvePath(tree, path).entry !== undefined);
}

/** A path from a directory on, with the slash before it. */
function belowOf(directory: ImagePath, path: ImagePath): string {
  return path.slice(directory === ROOT ? 0 : directory.length);
}
