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
  /** The same as the instruction names it: another path only where a link of the stage is on the way. */
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
 * The rules of COPY are those of FACTS section 5: a source that is a link arrives as what it leads to, links inside
 * a copied directory stay links.
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
      if (found !== null) yield { ...arrival, ...found, instruction, source };
    }
  }
}

/** Files that are written in the Dockerfile itself, counted as sources behind the others. */
function* inlinePaths(instruction: CopyInstruction, copy: ExpandedCopy, built: FileTree): Generator<Arrived> {
  for (const [at, { name, content }] of copy.inline.entries()) {
    const inside = childOf(copy.destination, name);
    for (const place of copy.intoDirectory ? [inside] : [copy.destination, inside]) {
      const { path, entry } = resolvePath(built, place);
      if (entry?.type !== 'file') continue;
      const isProven = Buffer.from(content).equals(built.read(path));
      const source = copy.sources.length + at;
      yield { path, place, type: 'file', instruction, source, origin: path, isProven };
    }
  }
}

type Arrival = Pick<Brought, 'place' | 'type' | 'origin'>;

/** Everywhere that a source may arrive: too many places rather than too few. */
function* arrivalsOf(word: string, copy: ExpandedCopy, tree: FileTree): Generator<Arrival> {
  for (const named of matchesOf(word, tree)) {
    const found = resolvePath(tree, named);
    if (found.entry?.type === 'directory') {
      yield { place: copy.destination, type: 'directory', origin: named };
      for (const [inner, { type }] of walk(tree, found.path)) {
        const below = belowOf(found.path, inner);
        yield {
          place: imagePath(`${copy.destination}/${below}`),
          type,
          origin: imagePath(`${named}/${below}`),
        };
      }
    } else if (found.entry !== undefined) {
      const { type } = found.entry;
      const inside = childOf(copy.destination, baseName(named));
      // whether the destination is a directory only the built tree knows
      if (!copy.intoDirectory) yield { place: copy.destination, type, origin: named };
      yield { place: inside, type, origin: named };
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

/** The path of the built tree where a source arrived, and whether what it brought is there; null where it did not. */
function findArrived(
  { place, type, origin }: Arrival,
  tree: FileTree,
  built: FileTree,
): Pick<Arrived, 'path' | 'isProven'> | null {
  const { path, entry } = resolvePath(built, place, { followLast: type !== 'symlink' });
  if (entry === undefined || entry.type !== type) return null;
  if (type === 'directory') return { path, isProven: true };
  if (type === 'symlink') {
    const link = resolvePath(tree, origin, { followLast: false }).entry;
    return { path, isProven: link?.linkTarget === entry.linkTarget };
  }
  if (type !== 'file') return null;
  return { path, isProven: sameContent(tree, resolvePath(tree, origin).path, built, path) };
}
