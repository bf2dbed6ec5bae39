import type { CopiedPath } from '../dockerfile/copied-paths.ts';
import type { CopyInstruction } from '../dockerfile/model.ts';
import { type FileTree, resolvePath } from '../shared/file-tree.ts';
import type { ImagePath } from '../shared/image-path.ts';
import { sameContent } from '../shared/same-content.ts';
import type { Layout, LayoutFile } from './layout.ts';

/** Where a file of a layout can be copied from, other than from the stage that it was found in. */
export type Origin = Pick<CopiedPath, 'instruction' | 'source' | 'origin'>;

export type Origins = {
  /** By the file's path in the layout. */
  readonly of: ReadonlyMap<ImagePath, Origin>;
  /** Files whose origin is not known. */
  readonly unknown: readonly ImagePath[];
};

export type OriginSources = {
  /** The file system that the stage gave. */
  readonly full: FileTree;
  /** The provenance of its paths. */
  readonly copied: ReadonlyMap<ImagePath, CopiedPath>;
  readonly treeOf: (instruction: CopyInstruction) => FileTree | undefined;
};

/**
 * Where each file of a layout came from. A name that is a link in the stage is copied by the link that it was,
 * as long as that leads to the same bytes where it came from; else by what it led to.
 */
export function originsOf({ entries }: Pick<Layout, 'entries'>, sources: OriginSources): Origins {
  const of = new Map<ImagePath, Origin>();
  const unknown: ImagePath[] = [];
  for (const entry of entries) {
    if (entry.type !== 'file') continue;
    const origin = originOf(entry, sources);
    if (origin === null) unknown.push(entry.path);
    else of.set(entry.path, origin);
  }
  return { of, unknown };
}

function originOf({ source }: LayoutFile, { full, copied, treeOf }: OriginSources): Origin | null {
  const real = resolvePath(full, source).path;
  const named = copied.get(resolvePath(full, source, { followLast: false }).path);
  if (named?.type === 'file') return named;
  if (named?.type === 'symlink') {
    const tree = treeOf(named.instruction);
    const found = tree === undefined ? undefined : resolvePath(tree, named.origin);
    if (tree !== undefined && found?.entry?.type === 'file' && sameContent(tree, found.path, full, real)) {
      return named;
    }
  }
  return copied.get(real) ?? null;
}
