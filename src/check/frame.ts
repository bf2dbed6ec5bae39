import type { LibraryName } from '../catalog/entry-files.ts';
import type { SourceFile } from '../shared/diagnostic.ts';
import type { EditorConfig } from './editor-config.ts';

/** The image that a library entry is published as: `library/redis/7.2` is `unikraft.org/redis:7.2`. */
export type LibraryImage = LibraryName & { readonly directory: string };

/** What entries are checked against: the files of the catalog that are no entry's own. */
export type CatalogFrame = {
  /** Host path. */
  readonly root: string;
  /** The README at the root, with the table of images. */
  readonly readme: SourceFile | null;
  readonly gitignore: SourceFile | null;
  readonly editorConfig: EditorConfig;
  /** Texts by name in `.github/workflows`; null where the catalog has none. */
  readonly workflows: ReadonlyMap<string, SourceFile> | null;
  /** The images of all library entries, whether they are checked or not. */
  readonly library: readonly LibraryImage[];
  /** Whether there is a path, relative to the root. */
  readonly holds: (path: string) => boolean;
};
