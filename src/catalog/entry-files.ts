import { join } from 'node:path';
import { readText } from '../store/read.ts';

/** The README of an entry; at the top of a catalog, that with the tables of its entries. */
export const README = 'README.md';

/** Where a catalog has its GitHub workflows. */
export const WORKFLOWS = '.github/workflows';

/** A library entry by its name: `library/redis/7.0`; a version may be missing, `library/base`. */
export type LibraryName = { readonly name: string; readonly version: string | null };

/** Undefined where an entry is none of the library's: `library/NAME` or `library/NAME/VERSION`. */
export function libraryName(entry: string): LibraryName | undefined {
  const [, name, version = null] = /^library\/([^/]+)(?:\/([^/]+))?$/.exec(entry) ?? [];
  return name === undefined ? undefined : { name, version };
}

/** The file of the workflow that builds and publishes a library entry, in `WORKFLOWS`: `library-redis7.0.yaml`. */
export function workflowNameOf({ name, version }: LibraryName): string {
  return `library-${name}${version ?? ''}.yaml`;
}

/** The path of that workflow; null for what is no library entry. */
export function workflowOf(entry: string): string | null {
  const library = libraryName(entry);
  return library === undefined ? null : `${WORKFLOWS}/${workflowNameOf(library)}`;
}

/** `redis:7.0`; an entry without a version is published as `latest`. */
export function referenceOf({ name, version }: LibraryName): string {
  return `${name}:${version ?? 'latest'}`;
}

/** The image that a library entry is published as: `unikraft.org/redis:7.0`. */
export function publishedAs(library: LibraryName): string {
  return `unikraft.org/${referenceOf(library)}`;
}

/** The text of a file by its path from the catalog's root; null where there is none. */
export function readCatalogText(catalogRoot: string, name: string): string | null {
  return readText(join(catalogRoot, name), { root: catalogRoot, kind: 'catalog file' });
}
