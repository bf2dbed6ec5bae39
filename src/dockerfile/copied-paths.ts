import { type FileTree, type FileType, resolvePath } from '../shared/file-tree.ts';
import type { ImagePath } from '../shared/image-path.ts';
import { sameContent } from '../shared/same-content.ts';
import { arrivalsOf, type CopyArrival, filePlaces } from './copy-arrivals.ts';
import type { ExpandedCopy, ExpandedInstruction } from './expand-stage.ts';
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
  /** Which of the instruction's sources it came from, counted from 0. */
  readonly source: number;
  /** Its path in the tree that the instruction reads, as it is named there: at its end may be a link. */
  readonly origin: ImagePath;
  /** What other sources copied to the same path: it would show if only this source went away. */
  readonly beneath: readonly SourceCopy[];
};

/** What a source copied to a path, whether or not another source replaced it. */
export type SourceCopy = Omit<CopiedPath, 'beneath'>;

export type CopiedPathsOptions = {
  /** The expanded instructions of the stage. */
  readonly instructions: readonly ExpandedInstruction[];
  /**
   * The tree that an instruction reads: a stage's, an image's, the build context's; undefined where it is not known.
   */
  readonly treeOf: (instruction: CopyInstruction) => FileTree | undefined;
  /** What the stage gave. */
  readonly built: FileTree;
};

/** Flags that change where a source arrives, or what of it does, in ways that are not followed here. */
const UNFOLLOWED = ['parents', 'exclude'];

/**
 * The provenance of the paths of a built stage, by path. The Dockerfile shows where each may come from, the built
 * tree proves it: a path counts only with the same type and the same bytes (or link target). Of two sources of the
 * same path the later one has. What arrives otherwise (from a URL, or out of an archive that was unpacked) is not
 * among them.
 */
export function copiedPaths({ instructions, treeOf, built }: CopiedPathsOptions): Map<ImagePath, CopiedPath> {
  const last = new Map<ImagePath, SourceCopy>();
  const all = new Map<ImagePath, SourceCopy[]>();
  for (const { instruction, copy } of instructions) {
    if (copy === null || !isCopy(instruction)) continue;
    for (const { isProven, ...copied } of copiesBy(instruction, copy, {
      tree: treeOf(instruction),
      built,
    })) {
      if (isProven) last.set(copied.path, copied);
      all.set(copied.path, [...(all.get(copied.path) ?? []), copied]);
    }
  }
  return new Map(
    [...last].map(([path, copied]) => {
      const beneath = (all.get(path) ?? []).filter((other) => other !== copied);
      return [path, { ...copied, beneath }] as const;
    }),
  );
}

type Trees = { readonly tree: FileTree | undefined; readonly built: FileTree };

type Arrived = SourceCopy & {
  /** Whether the built tree holds what this source copied, and not what came later. */
  readonly isProven: boolean;
};

function* copiesBy(
  instruction: CopyInstruction,
  copy: ExpandedCopy,
  { tree, built }: Trees,
): Generator<Arrived> {
  yield* inlinePaths(instruction, copy, built);
  if (tree === undefined || UNFOLLOWED.some((flag) => flagOf(instruction, flag) !== undefined)) return;
  for (const [source, word] of copy.sources.entries()) {
    for (const arrival of arrivalsOf(word, copy, { tree })) {
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

/**
 * The path of the built tree where a source arrived, and whether its content is there; null where it did not arrive.
 * A directory never takes the place of anything else, nor the other way round; a link and a file may take one
 * another's.
 */
function findArrived(
  { at, type, real }: CopyArrival,
  tree: FileTree,
  built: FileTree,
): Pick<Arrived, 'path' | 'isProven'> | null {
  const unfollowed = resolvePath(built, at, { followLast: false });
  const { path, entry } = type === 'symlink' ? unfollowed : resolvePath(built, at);
  if (type === 'directory') return entry?.type === 'directory' ? { path, isProven: true } : null;
  if (type === 'symlink' && entry?.type === 'symlink') {
    return { path, isProven: tree.lookup(real)?.linkTarget === entry.linkTarget };
  }
  if (type === 'file' && entry?.type === 'file') {
    const isProven = sameContent(tree, real, built, path);
    return { path: isProven ? path : unfollowed.path, isProven };
  }
  if (unfollowed.entry === undefined || unfollowed.entry.type === 'directory') return null;
  return { path: unfollowed.path, isProven: false };
}
