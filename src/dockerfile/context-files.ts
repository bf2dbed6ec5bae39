import { dirname } from 'node:path';
import { type FileTree, resolvePath, type TreeEntry } from '../shared/file-tree.ts';
import { comparePaths, type ImagePath, ROOT } from '../shared/image-path.ts';
import { contentPieces, readRange } from '../store/read.ts';
import type { ContextEntry } from './build-context.ts';
import { contextTree } from './context-tree.ts';
import { type CopiedPlace, placesFromContext } from './copied-from-context.ts';
import { type BaseConfig, expandStage } from './expand-stage.ts';
import { type CopyInstruction, type Dockerfile, finalStage, type Stage } from './model.ts';

/** A path of a built root file system that came from the build context, or from a heredoc of the Dockerfile. */
export type ContextFile = {
  /** Free of links on the way. */
  readonly imagePath: ImagePath;
  readonly type: 'file' | 'directory' | 'symlink';
  /** Relative to the context; null for a heredoc. */
  readonly contextPath: string | null;
  /** The COPY or ADD that read the context: of this stage, or of the stage that its file came through. */
  readonly instruction: CopyInstruction;
};

/** A directory into which an ADD unpacked an archive of the context: which files came so is not known. */
export type UnpackedArchive = {
  readonly imagePath: ImagePath;
  readonly contextPath: string;
  readonly instruction: CopyInstruction;
};

export type ContextFiles = {
  /** Sorted by path; no path twice. */
  readonly files: readonly ContextFile[];
  readonly unpacked: readonly UnpackedArchive[];
};

export type ContextFilesOptions = {
  readonly dockerfile: Dockerfile;
  /** The stage that `tree` was built from. Default: the final one. */
  readonly stage?: Stage;
  readonly entries: Iterable<ContextEntry>;
  /** The root file system that the stage gave. */
  readonly tree: FileTree;
  readonly baseConfig?: (image: string) => BaseConfig | undefined;
};

/**
 * The paths of a built stage that came from the build context unchanged. The Dockerfile shows where they may be, the
 * tree proves it: a path counts only if it is there with the same type and the same bytes (or link target). What a
 * RUN made out of context files is none, nor what it changed. Triggers of a base image (ONBUILD) are not known, and
 * links of an earlier stage's directories are not followed.
 * @throws UserError `dockerfile-invalid` where a word cannot be expanded.
 */
export async function contextFiles(options: ContextFilesOptions): Promise<ContextFiles> {
  const { dockerfile, stage = finalStage(dockerfile), tree } = options;
  const base = options.baseConfig === undefined ? {} : { baseConfig: options.baseConfig };
  const expand = (index: number) => expandStage(dockerfile, dockerfile.stages[index] as Stage, base);
  const files = new Map<ImagePath, ContextFile>();
  const unpacked = new Map<string, UnpackedArchive>();
  for (const place of placesFromContext(stage.index, expand, contextTree(options.entries))) {
    const { content, instruction } = place;
    const contextPath = content.kind === 'inline' ? null : content.entry.path;
    if (content.kind === 'archive') {
      const at = resolvePath(tree, place.imagePath);
      if (at.entry?.type !== 'directory' || !isArchive(content.entry.hostPath)) continue;
      const key = `${at.path}\0${content.entry.path}`;
      unpacked.set(key, { imagePath: at.path, contextPath: content.entry.path, instruction });
      continue;
    }
    const proven = await prove(place, tree);
    if (proven !== null) files.set(proven.imagePath, { ...proven, contextPath, instruction });
  }
  // an archive that this instruction copied whole was not unpacked by it; another instruction may have copied it as
  // well
  const reading = ({ instruction, contextPath }: Pick<ContextFile, 'instruction' | 'contextPath'>) =>
    `${instruction.lines.first}\0${contextPath}`;
  const arrivedWhole = new Set([...files.values()].map(reading));
  return {
    files: [...files.values()].sort((a, b) => comparePaths(a.imagePath, b.imagePath)),
    unpacked: [...unpacked.values()].filter((archive) => !arrivedWhole.has(reading(archive))),
  };
}

/** The place in the tree, if it holds what the context holds. */
async function prove(
  { imagePath, content }: CopiedPlace,
  tree: FileTree,
): Promise<Pick<ContextFile, 'imagePath' | 'type'> | null> {
  const type = content.kind === 'entry' ? content.entry.type : 'file';
  const at = resolvePath(tree, imagePath, { followLast: type !== 'symlink' });
  if (at.entry?.type !== type || at.path === ROOT) return null;
  const found = { path: at.path, entry: at.entry };
  const isSame =
    content.kind === 'inline'
      ? Buffer.from(content.text).equals(tree.read(at.path))
      : content.kind === 'entry' && (await isSameEntry(content.entry, found, tree));
  return isSame ? { imagePath: at.path, type } : null;
}

async function isSameEntry(
  entry: ContextEntry,
  found: { path: ImagePath; entry: TreeEntry },
  tree: FileTree,
): Promise<boolean> {
  if (entry.type === 'directory') return true;
  if (entry.type === 'symlink') return entry.linkTarget === found.entry.linkTarget;
  if (entry.size !== found.entry.size) return false;
  let offset = 0;
  for await (const chunk of contentPieces(entry.hostPath, { root: dirname(entry.hostPath) }, 1 << 20)) {
    const bytes = chunk as Buffer;
    if (!bytes.equals(tree.read(found.path, offset, bytes.length))) return false;
    offset += bytes.length;
  }
  return offset === found.entry.size;
}

const SIGNATURES: readonly { readonly at: number; readonly bytes: Buffer }[] = [
  { at: 0, bytes: Buffer.from('1f8b', 'hex') },
  { at: 0, bytes: Buffer.from('BZh') },
  { at: 0, bytes: Buffer.from('fd377a585a00', 'hex') },
  { at: 0, bytes: Buffer.from('28b52ffd', 'hex') },
  { at: 257, bytes: Buffer.from('ustar') },
];

/** Whether ADD may unpack a file: gzip, bzip2, xz, zstd or tar by its first bytes, as in moby's pkg/archive. */
function isArchive(hostPath: string): boolean {
  const beginning = readRange(hostPath, { root: dirname(hostPath) }, [0, 512]);
  return SIGNATURES.some(({ at, bytes }) => beginning.subarray(at, at + bytes.length).equals(bytes));
}
