import type { SourceFile } from '../shared/diagnostic.ts';
import type { EntryDockerfile } from './dockerfile.ts';
import type { EditorConfig } from './editor-config.ts';
import type { Entry, LibraryImage } from './entry.ts';
import type { HouseText } from './house-text.ts';
import type { EntryReadme } from './readme.ts';

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

/** What was read to be checked. */
export type Catalog = {
  readonly frame: CatalogFrame;
  /** Whether the catalog is checked, and not only some of its entries. */
  readonly isWhole: boolean;
  readonly entries: readonly Entry[];
  /** How all verbs call the entries that share a Dockerfile with other directories, by the names in `entries`. */
  readonly unitNames: ReadonlyMap<string, string>;
  readonly dockerfiles: readonly EntryDockerfile[];
  readonly readmes: readonly EntryReadme[];
  readonly texts: readonly HouseText[];
};
