import { type FileTree, type FileType, resolvePath, walk } from '../shared/file-tree.ts';
import { baseName, childOf, type ImagePath, imagePath, ROOT } from '../shared/image-path.ts';
import { sameContent } from '../shared/same-content.ts';
import type { ExpandedCopy, ExpandedInstruction } from './expand-stage.ts';
import { filePattern, isFilePattern } from './file-pattern.ts';
import { type CopyInstruction, flagOf, isCopy } from './model.ts';

/** Where a path of a stage came from: its **provenance**. */
export type CopiedPath = {
  /** In the stage, free of links. */
  readonly path: ImagePath;
  readonly type: FileType;
  readonly instruction: CopyInstruction;
  /** Which of the instruction's sources brought it, from 0. */
  readonly source: number;
  /** Its path in the tree that the instruction reads, as it is named there: at its end may be a link. */
  readonly origin: ImagePath;
};

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
  const found = new Map<ImagePath, CopiedPath>();
  const record = (copied: CopiedPath) => found.set(copied.path, copied);
  for (const { instruction, copy } of instructions) {
    if (copy === null || !isCopy(instruction)) continue;
    for (const found of inlinePaths(instruction, copy, built)) record(found);
    const tree = treeOf(instruction);
    if (tree === undefined || UNFOLLOWED.some((flag) => flagOf(instruction, flag) !== undefined)) continue;
    for (const [source, word] of copy.sources.entries()) {
      for (const { place, type, origin } of arrivalsOf(word, copy, tree)) {
        const path = provenAt(place, { type, origin, tree, built });
        if (path !== null) record({ path, type, instruction, source, origin });
      }
    }
  }
  return found;
}

/** Files that are written in the Dockerfile itself, counted as sources behind the others. */
function inlinePaths(instruction: CopyInstruction, copy: ExpandedCopy, built: FileTree): CopiedPath[] {
  return copy.inline.flatMap(({ name, content }, at) => {
    const inside = childOf(copy.destination, name);
    return (copy.intoDirectory ? [inside] : [copy.destination, inside]).flatMap((place) => {
      const { path, entry } = resolvePath(built, place);
      if (entry?.type !== 'file' || !Buffer.from(content).equals(built.read(path))) return [];
      return [{ path, type: 'file', instruction, source: copy.sources.length + at, origin: path } as const];
    });
  });
}

type Arrival = { readonly place: ImagePath; readonly type: FileType; readonly origin: ImagePath };

/** Everywhere that a source may arrive: too many places rather than too few. */
function* arrivalsOf(word: string, copy: ExpandedCopy, tree: FileTree): Generator<Arrival> {
  for (const named of matchesOf(word, tree)) {
    const found = resolvePath(tree, named);
    if (found.entry?.type === 'directory') {
      yield { place: copy.destination, type: 'directory', origin: named };
      for (const [inner, { type }] of walk(tree, found.path)) {
        const below = inner.slice(found.path === ROOT ? 0 : found.path.length);
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

function matchesOf(word: string, tree: FileTree): ImagePath[] {
  if (!isFilePattern(word)) return [imagePath(unescaped(word))];
  const matches = filePattern(imagePath(word));
  return [...walk(tree)].map(([path]) => path).filter(matches);
}

/** A source without a glob character is no pattern, and its backslashes are read as Go's filepath.Match reads them. */
function unescaped(word: string): string {
  return word.replace(/\\([\s\S])/g, '$1');
}

/** The path of the built tree that holds what a source brought to a place; null where it does not. */
function provenAt(
  place: ImagePath,
  { type, origin, tree, built }: { type: FileType; origin: ImagePath; tree: FileTree; built: FileTree },
): ImagePath | null {
  const at = resolvePath(built, place, { followLast: type !== 'symlink' });
  if (at.entry?.type !== type) return null;
  if (type === 'directory') return at.path;
  if (type === 'symlink') {
    const link = resolvePath(tree, origin, { followLast: false }).entry;
    return link?.linkTarget === at.entry.linkTarget ? at.path : null;
  }
  if (type !== 'file') return null;
  const { path: read, entry } = resolvePath(tree, origin);
  return entry?.type === 'file' && sameContent(tree, read, built, at.path) ? at.path : null;
}
