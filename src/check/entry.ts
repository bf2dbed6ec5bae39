import { CATALOG_FOLDERS } from '../catalog/catalog-root.ts';
import { libraryName } from '../catalog/entry-files.ts';
import type { PartialConfig } from '../config/config-schema.ts';
import type { RootfsFiles } from '../entry/rootfs-files.ts';
import type { Kraftfile } from '../kraftfile/kraftfile.ts';
import type { Diagnostic, SourceFile } from '../shared/diagnostic.ts';
import type { YamlMap } from '../shared/yaml-node.ts';
import type { CatalogFrame, LibraryImage } from './frame.ts';
import type { Workflow } from './workflow.ts';

/** A directory with a Kraftfile. */
export type Entry = {
  /** Relative to the catalog's root, with slashes; `.` for the root itself. */
  readonly name: string;
  readonly frame: CatalogFrame;
  /** The folder at the catalog's root that it lies in; null outside of those that a catalog has. */
  readonly folder: (typeof CATALOG_FOLDERS)[number] | null;
  /** Null for all but library entries. */
  readonly image: LibraryImage | null;
  /** The workflow that builds a library entry; null where there is none. */
  readonly workflow: Workflow | null;
  readonly kraftfiles: readonly EntryKraftfile[];
  /** Names in the directory. */
  readonly names: ReadonlySet<string>;
  /** Files in and below it that compilers write, and git does not ignore: by their paths in it, in byte order. */
  readonly objects: readonly string[];
  readonly gitignore: SourceFile | null;
  readonly dockerignore: SourceFile | null;
  /** Its `kraft-slim.yaml`. */
  readonly config: {
    readonly source: SourceFile;
    readonly mistakes: readonly Diagnostic[];
  } | null;
  /** What its own settings and those of the directories above it say together. */
  readonly settings: PartialConfig;
};

/** One Kraftfile of an entry. */
export type EntryKraftfile = {
  readonly entry: Entry;
  /** Its name in the entry's directory. */
  readonly name: string;
  readonly source: SourceFile;
  /** Its YAML; null where that is no map. */
  readonly root: YamlMap | null;
  /** Null where it has mistakes. */
  readonly kraftfile: Kraftfile | null;
  readonly mistakes: readonly Diagnostic[];
  /** What its rootfs names on disk, `made` where it is absent and git ignores it; null where that is nothing. */
  readonly rootfs:
    | (RootfsFiles & { readonly is: 'file' | 'directory' | 'absent' | 'made' | 'outside' })
    | null;
};

export function folderOf(name: string): Entry['folder'] {
  return CATALOG_FOLDERS.find((folder) => name.startsWith(`${folder}/`)) ?? null;
}

/** Null where a directory is not where library entries lie. */
export function libraryImageOf(directory: string): LibraryImage | null {
  const library = libraryName(directory);
  return library === undefined ? null : { directory, ...library };
}

/** A path in an entry, relative to the catalog's root. */
export function pathIn(entry: Pick<Entry, 'name'>, name: string): string {
  return entry.name === '.' ? name : `${entry.name}/${name}`;
}
