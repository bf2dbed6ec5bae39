import type { ImagePath } from '../../shared/image-path.ts';

/** A kind of file that goes even from a package that stays whole. */
export type DeadWeight = {
  /** The name in the documents: `documentation`. */
  readonly name: string;
  /** Why an app runs without it. */
  readonly why: string;
  /** By the file's own place, free of links. */
  readonly matches: (path: ImagePath) => boolean;
};
