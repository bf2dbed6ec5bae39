/** A file of an entry as it is to be. */
export type FileChange = {
  /** Path relative to the entry. */
  readonly name: string;
  /** null where the file is to be made. */
  readonly before: string | null;
  /** null where it is to be removed. */
  readonly after: string | null;
  /** The name of a file that is to be removed, whose place it takes: never are both there, nor is none. */
  readonly replaces?: string;
};
