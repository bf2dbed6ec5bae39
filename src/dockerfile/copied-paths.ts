import { type FileTree, type FileType, resolvePath, walk } from '../shared/file-tree.ts';
import { baseName, childOf, type ImagePath, imagePath, ROOT, segments } from '../shared/image-path.ts';
import { sameContent } from '../shared/same-content.ts';
import type { ExpandedCopy, ExpandedInstruction } from './expand-stage.ts';
import { filePattern, isFilePattern } from './file-pattern.ts';
import { type CopyInstruction, flagOf, isCopy } from './model.ts';

/** Where a path of a stage came from: its **provenance**. */
export type CopiedPath = {
  /** In the stage, free of links. */
  readonly path: ImagePath;
  /**
   * Where it arrives by what the instruction says alone: another path where a link of the stage is on the way, or where
   * a destination without a slash is a directory of the stage.
   */
  readonly place: ImagePath;
  readonly type: FileType;
  readonly instruction: CopyInstruction;
  /** Which of the instruction's sources brought it, from 0. */
  readonly source: number;
  /** Its path in the tree that the instruction reads, as it is named there: at its end may be a link. */
  readonly origin: ImagePath;
  /** What other sources brought to the same path as well: it would show if only this one went. */
  readonly beneath: readonly Brought[];
};

/** What one source brought to a path, whatever else did. */
export type Brought = Omit<CopiedPath, 'beneath'>;

export type CopiedPathsOptions = {
  /** The expanded instructions of the stage. */
  readonly instructions: readonly ExpandedInstruction[];
  /** The tree that an instruction reads: a stage's, an image's, the build context's; undefined where nobody has it. */
  readonly treeOf: (instruction: CopyInstruction) => FileTree | undefined;
  /** What the stage gave. */
  readonly built: FileTree;
};

/** Flags that change where a source arrives, or what of it does, in ways that are not followed here. */
const UNFOLLOWED = ['parents', 'exclude'];

/**
 * The provenance of the paths of a built stage, by path. The Dockerfile tells where each may have come from, the built tree proves it: a
 * path counts only with the same type and the same bytes (or link target). Of two that brought the same path the
 * later one has. What arrives otherwise (from a URL, or
 * out of an archive that was unpacked) is not among them.
 *
 * The rules of COPY are those that test/engine/copy-table measures in real builds: a source that is a link arrives as
 * its target, links inside a copied directory stay links.
 */
export function copiedPaths({ instructions, treeOf, built }: CopiedPathsOptions): Map<ImagePath, CopiedPath> {
  const last = new Map<ImagePath, Brought>();
  const all = new Map<ImagePath, Brought[]>();
  for (const { instruction, copy } of instructions) {
    if (copy === null || !isCopy(instruction)) continue;
    for (const { isProven, ...brought } of broughtBy(instruction, copy, {
      tree: treeOf(instruction),
      built,
    })) {
      if (isProven) last.set(brought.path, brought);
      all.set(brought.path, [...(all.get(brought.path) ?? []), brought]);
    }
  }
  return new Map(
    [...last].map(([path, brought]) => {
      const beneath = (all.get(path) ?? []).filter((one) => one !== brought);
      return [path, { ...brought, beneath }] as const;
    }),
  );
}

type Trees = { readonly tree: FileTree | undefined; readonly built: FileTree };

type Arrived = Brought & {
  /** Whether the built tree holds what was brought, and not what came later. */
  readonly isProven: boolean;
};

function* broughtBy(
  instruction: CopyInstruction,
  copy: ExpandedCopy,
  { tree, built }: Trees,
): Generator<Arrived> {
  yield* inlinePaths(instruction, copy, built);
  if (tree === undefined || UNFOLLOWED.some((flag) => flagOf(instruction, flag) !== undefined)) return;
  for (const [source, word] of copy.sources.entries()) {
    for (const arrival of arrivalsOf(word, copy, tree)) {
      const found = findArrived(arrival, tree, built);
      if (found === null) continue;
      const { place, type, origin } = arrival;
      yield { place, type, origin, ...found, instruction, source };
    }
  }
}

/** Files that are written in the Dockerfile itself, counted as sources behind the others. */
function* inlinePaths(instruction: CopyInstruction, copy: ExpandedCopy, built: FileTree): Generator<Arrived> {
  for (const [at, { name, content }] of copy.inline.entries()) {
    for (const { at: found, place } of filePlaces(copy, name)) {
      const { path, entry } = resolvePath(built, found);
      if (entry?.type !== 'file') continue;
      const isProven = Buffer.from(content).equals(built.read(path));
      const source = copy.sources.length + at;
      yield { path, place, type: 'file', instruction, source, origin: path, isProven };
    }
  }
}

type Arrival = Pick<Brought, 'place' | 'type' | 'origin'> & {
  /** Where to look for it. */
  readonly at: ImagePath;
};

/** Where a file may arrive: whether a destination without a slash is a directory only the built tree knows. */
function filePlaces(
  { destination, intoDirectory }: ExpandedCopy,
  name: string,
): Pick<Arrival, 'at' | 'place'>[] {
  const inside = childOf(destination, name);
  if (intoDirectory) return [{ at: inside, place: inside }];
  return [destination, inside].map((at) => ({ at, place: destination }));
}

/** Everywhere that a source may arrive: too many places rather than too few. */
function* arrivalsOf(word: string, copy: ExpandedCopy, tree: FileTree): Generator<Arrival> {
  for (const named of matchesOf(word, tree)) {
    const found = resolvePath(tree, named);
    if (found.entry?.type === 'directory') {
      const { destination } = copy;
      yield { at: destination, place: destination, type: 'directory', origin: named };
      for (const [inner, { type }] of walk(tree, found.path)) {
        const below = belowOf(found.path, inner);
        const place = imagePath(`${destination}/${below}`);
        yield { at: place, place, type, origin: imagePath(`${named}/${below}`) };
      }
    } else if (found.entry !== undefined) {
      const { type } = found.entry;
      for (const places of filePlaces(copy, baseName(named))) yield { ...places, type, origin: named };
    }
  }
}

/** Whether a source of a COPY names anything in a tree. */
export function copyReads(word: string, tree: FileTree): boolean {
  return matchesOf(word, tree).some((path) => resolvePath(tree, path).entry !== undefined);
}

/**
 * The paths that a source names. Links on the way are followed up to the first name that is a pattern, and not below:
 * fsutil's ResolveWildcards, which BuildKit copies with. A source without a pattern means itself, backslashes included.
 */
function matchesOf(word: string, tree: FileTree): ImagePath[] {
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

/** A path from a directory on, with the slash before it. */
function belowOf(directory: ImagePath, path: ImagePath): string {
  return path.slice(directory === ROOT ? 0 : directory.length);
}

/**
 * The path of the built tree where a source arrived, and whether what it brought is there; null where it did not arrive.
 * A directory never takes the place of anything else, nor the other way round; a link and a file may take one another's.
 */
function findArrived(
  { at, type, origin }: Arrival,
  tree: FileTree,
  built: FileTree,
): Pick<Arrived, 'path' | 'isProven'> | null {
  const own = resolvePath(built, at, { followLast: false });
  const { path, entry } = type === 'symlink' ? own : resolvePath(built, at);
  if (type === 'directory') return entry?.type === 'directory' ? { path, isProven: true } : null;
  if (type === 'symlink' && entry?.type === 'symlink') {
    const link = resolvePath(tree, origin, { followLast: false }).entry;
    return { path, isProven: link?.linkTarget === entry.linkTarget };
  }
  if (type === 'file' && entry?.type === 'file') {
    const isProven = sameContent(tree, resolvePath(tree, origin).path, built, path);
    return { path: isProven ? path : own.path, isProven };
  }
  if (own.entry === undefined || own.entry.type === 'directory') return null;
  return { path: own.path, isProven: false };
}
