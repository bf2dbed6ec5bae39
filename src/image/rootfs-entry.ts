import type { TreeEntry } from '../shared/file-tree.ts';
import type { ImagePath } from '../shared/image-path.ts';

/** What a path of a root file system is, with all that an image keeps of it. */
export type RootfsEntry = TreeEntry & {
  readonly uid: number;
  readonly gid: number;
  /** Seconds since 1970. */
  readonly mtime: number;
  /** For a second name of one file: the first name, where the content is. */
  readonly hardLinkTo: ImagePath | null;
  /** Where the content begins in the spool, in bytes. */
  readonly offset: number;
};
